import { lowerAscii } from './ascii.ts'
import { hasOwnMeaning } from './reserved-headers.ts'

const longestName = 100

/** Tells whether `parseHeaderName` takes a name. */
export function isHeaderName(text: string): boolean {
  return parseHeaderName(text) !== undefined
}

/** The name in lower case, or undefined when it may not be configured as an identity header. */
export function parseHeaderName(text: string): string | undefined {
  return explainHeaderName(text) === undefined ? lowerAscii(text) : undefined
}

/**
 * Says why a name may not be configured, or undefined when it may: `[a-z0-9-]+` in any case, at least one letter or
 * digit, at most 100 characters, and not a header that means something else. Names with `_` or `.` are refused, since
 * proxies and gateways mix them up with `-`.
 */
export function explainHeaderName(text: string): string | undefined {
  if (text.length > longestName) return `A header name has at most ${longestName} characters`
  const name = lowerAscii(text)
  if (!/^[a-z0-9-]+$/.test(name) || !/[a-z0-9]/.test(name))
    return 'A header name has only letters, digits and dashes, like remote-email'
  if (hasOwnMeaning(name))
    return `The header ${name} has a meaning of its own; name one that only the proxy sets, like remote-email`
  return undefined
}
