import { parseEmail } from './email.ts'
import { decodeUtf8, soleValue } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import type { RefusalCode } from './refusals.ts'

/** `times`: how often the line says the address, which is how often every line of this request was sent. */
export type EmailFound =
  | { readonly email: string; readonly times: number }
  | { readonly refused: Extract<RefusalCode, 'header_repeated' | 'no_identity' | 'bad_email'> }

/** The address in a header line (bytes), in canonical form. */
export function readEmail(line: string): EmailFound {
  const value = soleValue(line)
  if (value === undefined) return { refused: 'header_repeated' }
  if (isPlaceholder(value)) return { refused: 'no_identity' }
  const text = decodeUtf8(value)
  const email = text === undefined ? undefined : parseEmail(text)
  return email === undefined ? { refused: 'bad_email' } : { email, times: line.split(',').length }
}
