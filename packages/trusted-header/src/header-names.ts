import { lowerAscii } from './ascii.ts'

/**
 * Tells whether a name may be configured as an identity header, in any case: `[a-z0-9-]+` with at least one letter or
 * digit. Names with `_` or `.` are refused, since proxies and gateways mix them up with `-`.
 */
export function isHeaderName(text: string): boolean {
  return parseHeaderName(text) !== undefined
}

/** The name in lower case, or undefined when it may not be configured. */
export function parseHeaderName(text: string): string | undefined {
  const name = lowerAscii(text)
  return /^[a-z0-9-]+$/.test(name) && /[a-z0-9]/.test(name) ? name : undefined
}

/**
 * What is left of a name when everything but letters and digits is dropped. Names with the same key are aliases: some hop
 * on the way (CGI, WSGI, a lenient proxy) may take one for the other, so `Remote_Email` may be a client's `Remote-Email`.
 */
export function aliasKey(name: string): string {
  return lowerAscii(name).replace(/[^a-z0-9]/g, '')
}
