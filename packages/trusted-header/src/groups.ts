import { decodeUtf8, trimBlanks } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'

const mostGroups = 500
const mostBytes = 16_384

/**
 * The groups in a header line (bytes): parted by the separator, without blanks around them, each once, case as given. An
 * empty line says that there are none. Undefined, as if the header were absent, for a placeholder, what is not UTF-8, and
 * more than 500 groups or 16 kB: half a list would be another list.
 */
export function readGroups(line: string, separator: string): readonly string[] | undefined {
  if (line.length > mostBytes) return undefined
  const text = decodeUtf8(line)
  return text === undefined ? undefined : partGroups(text, separator)
}

/** The same for text. Without a separator, the text is one group. */
export function partGroups(text: string, separator: string): readonly string[] | undefined {
  const list = trimBlanks(text)
  if (list === '') return listGroups([])
  if (isPlaceholder(list)) return undefined
  return listGroups(separator === '' ? [list] : list.split(separator))
}

/** The same for groups that are already apart. */
export function listGroups(parts: readonly string[]): readonly string[] | undefined {
  const groups = new Set(parts.map(trimBlanks).filter((group) => group !== ''))
  const characters = [...groups].reduce((sum, group) => sum + group.length, 0)
  return groups.size > mostGroups || characters > mostBytes ? undefined : Object.freeze([...groups])
}
