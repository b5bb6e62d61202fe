import { createHash, randomBytes } from 'node:crypto'

/** What a probe says of itself: names that belong to nobody and never will. */
export type Canary = { word: string; email: string; picture: string; secret: string }

export const newNonce = (): string => randomBytes(32).toString('base64url')

export const isNonce = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text)

/**
 * The canary that goes with a nonce, so that whoever knows the one knows the other. The address is below `.invalid`, which
 * nobody can own (RFC 6761, section 6.4).
 */
export function canaryOf(nonce: string): Canary {
  const word = `canary-${createHash('sha256').update(`canary:${nonce}`).digest('hex').slice(0, 16)}`
  return {
    word,
    email: `${word}@porchlight.invalid`,
    picture: `https://${word}.porchlight.invalid/`,
    secret: `${word}-${word}`,
  }
}
