import { soleValue } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import type { RefusalCode } from './refusals.ts'

/** The login service's own id of a person, or why there is none. */
export type IdFound =
  | { readonly id: string }
  | { readonly refused: Extract<RefusalCode, 'header_repeated' | 'no_id' | 'bad_id'> }

/** The id in a header line. Identical repeats are one; a comma otherwise means two ids. */
export function readId(line: string): IdFound {
  const value = soleValue(line)
  return value === undefined ? { refused: 'header_repeated' } : parseId(value)
}

/** An id is 1 to 255 visible ASCII characters; its case counts. */
export function parseId(text: string): IdFound {
  if (isPlaceholder(text)) return { refused: 'no_id' }
  return /^[!-~]{1,255}$/.test(text) ? { id: text } : { refused: 'bad_id' }
}
