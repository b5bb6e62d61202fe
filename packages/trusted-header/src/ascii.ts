/**
 * Lower-cases A to Z and nothing else.
 *
 * `toLowerCase()` turns U+212A (the Kelvin sign) into `k`, so that a stranger could borrow another person's address.
 */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
