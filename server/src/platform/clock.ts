import { randomBytes, randomUUID } from 'node:crypto'

/** Time as a port, so that tests need no sleep. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

export const newId = (): string => randomUUID()

/** A secret for a client to keep: 32 random bytes in letters, digits, `-` and `_` (43 characters). */
export const newSecret = (): string => randomBytes(32).toString('base64url')
