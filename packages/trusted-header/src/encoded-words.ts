import { decodeUtf8 } from './header-value.ts'

/** `=?charset?encoding?text?=` of RFC 2047 section 2, the charset with or without a language (RFC 2231 section 5). */
const encodedWord = /=\?(?<charset>[\w-]+)(?:\*[\w-]*)?\?(?<encoding>[BQ])\?(?<encoded>[!->@-~]*)\?=/gi

/**
 * Reads the encoded words in a text; blanks between two of them belong to neither. Undefined when one cannot be read: its
 * charset is another than UTF-8, US-ASCII or ISO-8859-1, or its bytes are not of that charset.
 */
export function decodeEncodedWords(text: string): string | undefined {
  let decoded = ''
  let end = 0
  for (const { 0: whole, index, groups = {} } of text.matchAll(encodedWord)) {
    const { charset = '', encoding = '', encoded = '' } = groups
    const word = decodeWord({ charset, encoding, encoded })
    if (word === undefined) return undefined
    const between = text.slice(end, index)
    decoded += end > 0 && /^[\t ]*$/.test(between) ? word : between + word
    end = index + whole.length
  }
  return decoded + text.slice(end)
}

function decodeWord(word: { charset: string; encoding: string; encoded: string }): string | undefined {
  const bytes = /b/i.test(word.encoding) ? fromBase64(word.encoded) : fromQ(word.encoded)
  if (bytes === undefined) return undefined
  switch (word.charset.toLowerCase()) {
    case 'utf-8':
      return decodeUtf8(bytes)
    case 'iso-8859-1':
      return bytes
    case 'us-ascii':
      return /[^\0-\u007f]/.test(bytes) ? undefined : bytes
    default:
      return undefined
  }
}

/** RFC 2047 section 4.1: padded base64. */
function fromBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes.toString('latin1') : undefined
}

/** RFC 2047 section 4.2. */
function fromQ(text: string): string | undefined {
  if (/=(?![0-9a-f]{2})/i.test(text)) return undefined
  return text
    .replaceAll('_', ' ')
    .replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)))
}
