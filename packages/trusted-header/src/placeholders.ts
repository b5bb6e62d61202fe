import { lowerAscii } from './ascii.ts'

/** What programs write when they have nothing to write. */
const words = new Set([
  '',
  '-',
  'null',
  '(null)',
  '<null>',
  'nil',
  '<nil>',
  'none',
  '(none)',
  'undefined',
  '<no value>',
])

/**
 * Tells whether a value stands for nobody: empty, a word for nothing, or a template that a proxy never filled in, such as
 * Caddy's `{http.reverse_proxy.header.Remote-Email}` or Apache's `%{OIDC_CLAIM_email}e`. Everyone without an identity
 * would otherwise share the one account of that name.
 */
export function isPlaceholder(value: string): boolean {
  return words.has(lowerAscii(value)) || /^(?:[{$]|%[{[(])/.test(value)
}
