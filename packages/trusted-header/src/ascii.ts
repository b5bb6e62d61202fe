/**
 * Lower-cases A to Z and nothing else.
 *
 * `toLowerCase()` turns U+212A (the Kelvin sign) into `k`, so that a stranger could borrow another person's address.
 * Within ASCII it is right, and fast.
 */
export function lowerAscii(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text.toLowerCase()
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
