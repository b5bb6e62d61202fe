import { lowerAscii } from './ascii.ts'
import { parseEmailDomain } from './email-domain.ts'

const longestEmail = 254 // RFC 5321 section 4.5.3.1.3, less the angle brackets
const longestLocalPart = 64 // RFC 5321 section 4.5.3.1.1

/**
 * Dot-string of RFC 5321 section 4.1.2, in lower case, without `$ % { }`: those are signs of a template that was filled
 * in by half, such as `{user}@home.example`, and everyone would share its account.
 */
const localPart = /^[a-z0-9!#&'*+/=?^_`|~-]+(?:\.[a-z0-9!#&'*+/=?^_`|~-]+)*$/

/**
 * Reads an e-mail address (text, not bytes) and gives its canonical form: ASCII, lower case, domain by IDNA, at most 254
 * bytes. Two addresses are the same person exactly when their canonical forms are equal. Undefined when it is no address
 * of this strict kind: no quotes, comments, blanks, IP addresses, or letters beyond ASCII before the `@`.
 */
export function parseEmail(text: string): string | undefined {
  // A character takes at least one byte of its ASCII form, and at most two places in `text`.
  if (text.length > 2 * longestEmail) return undefined
  const at = text.indexOf('@')
  const local = lowerAscii(text.slice(0, Math.max(at, 0)))
  if (local.length > longestLocalPart || !localPart.test(local)) return undefined

  const domain = parseEmailDomain(text.slice(at + 1))
  if (domain === undefined) return undefined
  const email = `${local}@${domain}`
  return email.length <= longestEmail ? email : undefined
}

/** For logs: the first letter and the domain (`g***@home.example`). Text that is no e-mail address is hidden whole. */
export function maskEmail(text: string): string {
  const email = parseEmail(text)
  return email === undefined ? '***' : `${email.slice(0, 1)}***${email.slice(email.indexOf('@'))}`
}
