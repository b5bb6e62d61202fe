import { createHash } from 'node:crypto'

/** How tokens and keys are kept: SHA-256, hex. They are long and random, so no salt and no slow hash is needed. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')
