import { createHash, randomBytes } from 'node:crypto'

/** RFC 7636, section 4.1: 43 characters out of 32 random bytes. */
export const newVerifier = (): string => randomBytes(32).toString('base64url')

/** RFC 7636, section 4.2: the only way of challenging that is taken. */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')
