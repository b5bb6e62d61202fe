import { decodeEncodedWords } from './encoded-words.ts'
import { decodeUtf8, trimBlanks } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import type { NameEncoding } from './policy.ts'

const longestName = 256

/**
 * Control characters, line and paragraph separators, byte order marks, halves of letters, and what turns the direction
 * of writing round (Unicode Bidi_Control): in a list of people they make one name look like another.
 */
const unwanted = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** The display name in a header line (bytes), `''` when it is empty, or undefined when nothing that can be read was said. */
export function readName(line: string, encoding: NameEncoding): string | undefined {
  const bytes = trimBlanks(line)
  if (bytes === '') return ''
  const text = decodeName(bytes, encoding)
  return text === undefined ? undefined : cleanName(text) || undefined
}

/** A name as people may see it (NFC, at most 256 characters), `''` when nothing is left, or undefined for a placeholder. */
export function cleanName(text: string): string | undefined {
  const clean = text.replace(unwanted, '').normalize('NFC').trim()
  const name = Array.from(clean).slice(0, longestName).join('').trimEnd()
  return name !== '' && isPlaceholder(name) ? undefined : name
}

/**
 * Bytes beyond ASCII are strict UTF-8, whatever was agreed (and latin1 only if they are not); ASCII is read in the
 * encoding that was agreed. What cannot be read is undefined rather than a name nobody has.
 */
function decodeName(bytes: string, encoding: NameEncoding): string | undefined {
  switch (encoding) {
    case 'utf-8':
      return decodeUtf8(bytes)
    case 'latin1':
      return decodeUtf8(bytes) ?? (/^[\0-\u00ff]*$/.test(bytes) ? bytes : undefined)
    case 'rfc2047': {
      const text = decodeUtf8(bytes)
      return text === undefined ? undefined : decodeEncodedWords(text)
    }
    case 'percent':
      return decodePercent(bytes)
    case 'base64':
      return /[\u0080-\uffff]/.test(bytes) ? decodeUtf8(bytes) : decodeBase64(bytes)
  }
}

/** RFC 3986 section 2.1; a plus sign is a plus sign. */
function decodePercent(bytes: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(bytes)) return undefined
  return decodeUtf8(bytes.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))))
}

/** RFC 4648 sections 4 and 5, with or without padding, in its one canonical form. */
function decodeBase64(text: string): string | undefined {
  const digits = text.replace(/={1,2}$/, '')
  if (digits.length < text.length && text.length % 4 !== 0) return undefined
  const bytes = Buffer.from(digits, 'base64')
  const isCanonical = bytes.toString('base64url') === digits.replaceAll('+', '-').replaceAll('/', '_')
  return isCanonical ? decodeUtf8(bytes.toString('latin1')) : undefined
}
