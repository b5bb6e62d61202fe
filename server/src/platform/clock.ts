import { randomBytes, randomUUID } from 'node:crypto'

/** Time as a port, so that tests need no sleep. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

export const newId = (): string => randomUUID()

/**
 * A secret for a client to keep: 32 random bytes in base64, of which only letters and digits stay (some 42).
 * A `-` at its beginning would be an option to the command line it is pasted into.
 */
export const newSecret = (): string =>
  randomBytes(32)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
