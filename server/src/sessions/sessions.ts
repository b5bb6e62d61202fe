import type { User } from '../users/users.ts'
import type { Device } from './device.ts'

export type SignInMethod = 'password' | 'trusted-header' | 'oauth'

export type Session = {
  id: string
  userId: string
  method: SignInMethod
  device: Device
  createdAt: string
  updatedAt: string
  expiresAt: string | null
}

/** Who is signed in where. Nothing is cached: a revoked session is gone at the next request. */
export type Sessions = {
  /** @returns the new session and its token; the token is kept by the client alone */
  start(sign: {
    userId: string
    method: SignInMethod
    device: Device
  }): Promise<{ session: Session; token: string }>
  /** The live session of that token with its person; undefined when unknown, expired, or the person is deleted. */
  byToken(token: string): Promise<{ session: Session; user: User } | undefined>
  listOf(userId: string): Promise<Session[]>
  /** Which of these are still good, of people who are still here. */
  stillGood(sessionIds: readonly string[]): Promise<string[]>
  /** @returns whether there was such a session of this person */
  revoke(of: { userId: string; sessionId: string }): Promise<boolean>
  /** Every session of the person, or only those by one method; `except` stays. */
  revokeAll(of: { userId: string; method?: SignInMethod; except?: string | undefined }): Promise<void>
  /** Hears at once of the sessions that this process revokes; another process's are seen by `stillGood`. */
  onEnded(listener: (sessionIds: readonly string[]) => void): void
}

/** Tokens that count once. */
export type UsedTokens = {
  /** @returns false when it was used before; it is remembered until `expiresAt`, when its age speaks against it anyway */
  use(token: { id: string; expiresAt: Date }): Promise<boolean>
}
