import { lowerAscii } from './ascii.ts'
import { aliasKey } from './header-alias.ts'

/** The values of every line of one header, as they came, and whether an alias of it was there too. */
export type HeaderLines = { lines: readonly string[]; hasAlias: boolean }

/** Tells whether this is Node's flat `name, value, name, value` list: a caller in JavaScript may hand over anything. */
export function isHeaderList(raw: unknown): raw is readonly string[] {
  if (!Array.isArray(raw) || raw.length % 2 !== 0) return false
  // By index, since `every` passes over the holes of a sparse list.
  for (let index = 0; index < raw.length; index += 1) if (typeof raw[index] !== 'string') return false
  return true
}

/** Finds one header among the raw lines. Node's `headers` joins and drops lines, so it cannot be asked. */
export function findHeaderLines(rawHeaders: readonly string[], configured: string): HeaderLines {
  const wanted = lowerAscii(configured)
  const key = aliasKey(wanted)
  const lines: string[] = []
  let hasAlias = false
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = lowerAscii(rawHeaders[index] ?? '')
    if (name === wanted) lines.push(rawHeaders[index + 1] ?? '')
    else if (aliasKey(name) === key) hasAlias = true
  }
  return { lines, hasAlias }
}
