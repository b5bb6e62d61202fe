import type { SettingValue } from './setting-fields.ts'

/** A settings document, or a part of one. */
export type SettingsDocument = { [key: string]: unknown }

export type Changes = ReadonlyMap<string, SettingValue>

const isPart = (value: unknown): value is SettingsDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a dotted path; undefined where there is none. */
export function valueAt(document: SettingsDocument, path: string): SettingValue | undefined {
  let place: unknown = document
  for (const key of path.split('.')) {
    if (!isPart(place) || !Object.hasOwn(place, key)) return undefined
    place = place[key]
  }
  return place as SettingValue
}

/** The document with other values at some paths; everything else goes back as it came. */
export function withValues(document: SettingsDocument, changes: Changes): SettingsDocument {
  let changed = document
  for (const [path, value] of changes) changed = withValue(changed, path.split('.'), value)
  return changed
}

function withValue(
  document: SettingsDocument,
  keys: readonly string[],
  value: SettingValue,
): SettingsDocument {
  const [key = '', ...rest] = keys
  const below = Object.hasOwn(document, key) ? document[key] : undefined
  const next = rest.length === 0 ? value : withValue(isPart(below) ? below : {}, rest, value)
  return { ...document, [key]: next }
}

/** Dotted path and value of everything in the document that has no parts of its own. */
export function valuesOf(document: SettingsDocument, prefix = ''): [path: string, value: SettingValue][] {
  return Object.entries(document).flatMap(([key, value]): [string, SettingValue][] =>
    isPart(value) ? valuesOf(value, `${prefix}${key}.`) : [[prefix + key, value as SettingValue]],
  )
}

export const sameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** One per line or separated by commas. Bad entries stay as typed: the server names them. */
export const splitLines = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
