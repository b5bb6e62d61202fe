import { lowerAscii } from './ascii.ts'
import { aliasKey } from './header-alias.ts'
import { createMemo } from './memo.ts'

/** What the lines of one request say to whoever watches certain headers. Places are those of the watched names. */
export type HeadersSeen = {
  /** The value of the first line of each header, or undefined when it is absent. */
  readonly values: readonly (string | undefined)[]
  /** One bit for each header that came in more than one line. */
  readonly repeated: number
  /** Another spelling of a watched name was there. */
  readonly hasAlias: boolean
}

/** Watches for headers by name. Node's `headers` joins and drops lines, so it cannot be asked. */
export type HeaderWatch = {
  /** Undefined when this is not Node's flat `name, value, name, value` list. */
  look(rawHeaders: unknown): HeadersSeen | undefined
  placeOf(name: string): number
}

const nobodys = -1
const alias = -2

/** Kept for each watch: browsers, proxies and login services together send fewer names, and none so long. */
const bounds = { most: 256, longest: 100 }

/**
 * `exact` names have no aliases: they are matched as they are. Of the others, a name that is one of them but for signs is
 * an alias, and so is one that is itself watched and but for signs another: who sent it cannot be told.
 */
export function createHeaderWatch(names: readonly string[], exact: readonly string[] = []): HeaderWatch {
  const watched = [...new Set([...exact, ...names].map(lowerAscii))]
  const places = new Map(watched.map((name, place) => [name, place]))
  const keys = new Map<string, string>()
  for (const name of names.map(lowerAscii)) {
    const key = aliasKey(name)
    keys.set(key, keys.has(key) && keys.get(key) !== name ? '' : name)
  }

  const kindOf = createMemo((given) => {
    const name = lowerAscii(given)
    const owner = keys.get(aliasKey(name))
    if (owner !== undefined && owner !== name) return alias
    return places.get(name) ?? nobodys
  }, bounds)

  const mayMatter = createFilter([...exact, ...keys.keys()])
  const count = watched.length

  function look(raw: unknown): HeadersSeen | undefined {
    if (!isList(raw)) return undefined
    const values = Array<string | undefined>(count).fill(undefined)
    let repeated = 0
    let hasAlias = false
    for (let index = 0; index < raw.length; index += 2) {
      const name = raw[index]
      const value = raw[index + 1]
      if (typeof name !== 'string' || typeof value !== 'string') return undefined
      const kind = mayMatter(name) ? kindOf(name) : nobodys
      if (kind === alias) hasAlias = true
      if (kind < 0) continue
      if (values[kind] === undefined) values[kind] = value
      else repeated |= 1 << kind
    }
    return { values, repeated, hasAlias }
  }

  return { look, placeOf: (name) => places.get(lowerAscii(name)) ?? nobodys }
}

const isList = (raw: unknown): raw is readonly unknown[] => Array.isArray(raw)

/**
 * Tells, in no time to speak of, whether a name may be one of those with these keys or an alias: it is at least as long
 * as one, and begins with the letter that one begins with, or with a sign that an alias may have in front.
 */
function createFilter(keys: readonly string[]): (name: string) => boolean {
  const shortest = Math.min(...keys.map((key) => key.length))
  const letters = new Set(keys.map((key) => key.charAt(0)))
  const matters = Array.from({ length: 128 }, (_, code) => {
    const character = lowerAscii(String.fromCharCode(code))
    return !/[a-z0-9]/.test(character) || letters.has(character)
  })
  return (name) => name.length >= shortest && (matters[name.charCodeAt(0)] ?? true)
}
