import { domainToASCII, domainToUnicode } from 'node:url'
import { lowerAscii } from './ascii.ts'

const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** WHATWG: a host whose last label is a number, decimal or hexadecimal, is an IPv4 address. */
const numericLabel = /^(?:\d+|0x[0-9a-f]*)$/

/**
 * The domain of an e-mail address as ASCII host labels (RFC 1123, IDNA for the rest), or undefined.
 * Names without a dot (`local`) are fine; IP addresses are not.
 */
export function parseEmailDomain(text: string): string | undefined {
  const lower = lowerAscii(text)
  // Before IDNA: it would decode %41, cut at a slash and drop tabs, as URLs have it.
  if (!/^[a-z0-9.\u0080-\uffff-]+$/.test(lower)) return undefined
  const ascii = /[\u0080-\uffff]/.test(lower) ? domainToASCII(lower) : lower
  const labels = ascii.split('.')
  if (!labels.every((label) => hostLabel.test(label)) || numericLabel.test(labels.at(-1) ?? ''))
    return undefined
  return isSpelledOnce(lower, ascii) ? ascii : undefined
}

/**
 * IDNA folds look-alikes: full-width letters, the Kelvin sign, soft hyphens, capitals. A name that only arrives at its
 * ASCII form by folding is refused, so that nobody's address has two spellings beyond ASCII case and `xn--`.
 */
function isSpelledOnce(lower: string, ascii: string): boolean {
  if (!/(?:^|\.)xn--/.test(ascii)) return lower === ascii
  const unicode = domainToUnicode(ascii)
  const hasBadLabel = /(?:^|\.)(?:xn--|-)|-(?:\.|$)/.test(unicode) // undecoded, or a dash at an end (RFC 5891 4.2.3.1)
  // `xn---fnu` decodes to what `xn--fnu` decodes to, but only one of them is what IDNA writes.
  if (hasBadLabel || domainToASCII(unicode) !== ascii) return false

  const asciiLabels = ascii.split('.')
  const unicodeLabels = unicode.split('.')
  const given = lower.split('.')
  return given.every((label, index) => label === asciiLabels[index] || label === unicodeLabels[index])
}
