export type PlainObject = { [key: string]: unknown }

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `over` laid over `base`: objects key by key, everything else (lists too) replaced. Neither is changed. */
export function deepMerge(base: PlainObject, over: PlainObject): PlainObject {
  const merged: PlainObject = { ...base }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined || key === '__proto__') continue
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined
    merged[key] = isPlainObject(below) && isPlainObject(value) ? deepMerge(below, value) : value
  }
  return merged
}

/** Dotted path -> value, for everything in `document` that is not itself an object. */
export function leavesOf(document: PlainObject, prefix = ''): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  for (const [key, value] of Object.entries(document)) {
    const path = prefix + key
    if (isPlainObject(value)) for (const [leaf, found] of leavesOf(value, `${path}.`)) leaves.set(leaf, found)
    else leaves.set(path, value)
  }
  return leaves
}

/** The document that `leavesOf` would take apart into `leaves`; a path through `__proto__` leads nowhere. */
export function documentOf(leaves: Iterable<[string, unknown]>): PlainObject {
  const document: PlainObject = {}
  for (const [path, value] of leaves) {
    const keys = path.split('.')
    if (keys.includes('__proto__')) continue
    const last = keys.pop() ?? ''
    let place = document
    for (const key of keys)
      place = (Object.hasOwn(place, key) ? place[key] : (place[key] = {})) as PlainObject
    place[last] = value
  }
  return document
}

/** Whether two plain values are written alike. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

export type Changes = Record<string, { before: unknown; after: unknown }>

/** Dotted path -> before and after, for every leaf in which two documents differ. */
export function changesBetween(before: PlainObject, after: PlainObject): Changes {
  const [was, is] = [leavesOf(before), leavesOf(after)]
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter(
    (path) => !same(was.get(path), is.get(path)),
  )
  return Object.fromEntries(paths.map((path) => [path, { before: was.get(path), after: is.get(path) }]))
}
