/**
 * The one value of a header line, without blanks around it. Identical repeats (`a@x,a@x`) are one value, since
 * LemonLDAP::NG behind Caddy sends that; different ones have no single value: undefined.
 */
export function soleValue(line: string): string | undefined {
  const [first = '', ...rest] = line.split(',').map(trimBlanks)
  return rest.every((value) => value === first) ? first : undefined
}

/**
 * Takes back what a hop did that sent every line `times` times and joined them (`users; staff,users; staff`). How often
 * is known from the e-mail address, which holds no comma. A line that is not that often the same stays as it is.
 */
export function withoutRepeats(line: string, times: number): string {
  for (const join of [',', ', ']) {
    const length = (line.length - (times - 1) * join.length) / times
    const once = line.slice(0, Math.max(length, 0))
    if (Array.from({ length: times }, () => once).join(join) === line) return once
  }
  return line
}

/**
 * Reads the bytes of a header value (one per character, as Node hands them over) as strict UTF-8.
 * Undefined when they are not UTF-8, or when a character is no byte: cut to eight bits, U+0141 would become `A`.
 */
export function decodeUtf8(bytes: string): string | undefined {
  if (!/[\u0080-\uffff]/.test(bytes)) return bytes
  if (/[\u0100-\uffff]/.test(bytes)) return undefined
  try {
    return utf8.decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** ignoreBOM keeps a byte order mark in the text, where it is refused like any other odd character. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Blank and tab only (RFC 9110 section 5.6.3): `trim()` would eat 0xA0, which is half of a UTF-8 letter.
 * The look-behind keeps it linear: without it every blank of a long run inside the value is a fresh start.
 */
export function trimBlanks(text: string): string {
  return text.replace(/^[\t ]+|(?<![\t ])[\t ]+$/g, '')
}
