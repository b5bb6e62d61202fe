import type { User } from '../users/users.ts'
import type { Device } from './device.ts'

export type SignInMethod = 'password' | 'trusted-header' | 'oauth' | 'device'

export type Session = {
  id: string
  userId: string
  method: SignInMethod
  device: Device
  createdAt: string
  updatedAt: string
  expiresAt: string | null
  /** What the person calls the device; null until she does. */
  name: string | null
  /** The address it was last used from, as far as is known. */
  seenFrom: string | null
}

/** How long sessions last, in days. */
export type SessionLifetimes = {
  /** Without being used. */
  idleDays: number
  /** In all; 0 = as long as they are used. */
  absoluteDays: number
}

export type NewSession = {
  userId: string
  method: SignInMethod
  device: Device
  name?: string | undefined
  seenFrom?: string | undefined
  /** Ends with this one. */
  parentId?: string | undefined
  /** Absent: it ends when nobody uses it. */
  expiresAt?: Date | undefined
}

/** Who is signed in where. Nothing is cached: a revoked session is gone at the next request. */
export type Sessions = {
  /** @returns the new session and its token; the token is kept by the client alone */
  start(session: NewSession): Promise<{ session: Session; token: string }>
  /**
   * The live session of that token with its person; undefined when unknown, expired, or the person is deleted.
   *
   * @param from says where it is used from this time, and is asked only where that may be written down
   */
  byToken(
    token: string,
    from?: () => string | undefined,
  ): Promise<{ session: Session; user: User } | undefined>
  listOf(userId: string): Promise<Session[]>
  /** Which of these are still good, of people who are still here. */
  stillGood(sessionIds: readonly string[]): Promise<string[]>
  /** @returns the session under its new name; undefined when there is no such one of this person */
  rename(of: { userId: string; sessionId: string }, name: string | null): Promise<Session | undefined>
  /** @returns whether there was such a session of this person; those that it made end with it */
  revoke(of: { userId: string; sessionId: string }): Promise<boolean>
  /** Every session of the person, or only those by one method; `except` stays. */
  revokeAll(of: { userId: string; method?: SignInMethod; except?: string | undefined }): Promise<void>
  /** Forgets sessions that are over: whoever opens pages without keeping cookies leaves one each time. @returns how many */
  removeOver(): Promise<number>
  /** Hears at once of the sessions that this process revokes; another process's are seen by `stillGood`. */
  onEnded(listener: (sessionIds: readonly string[]) => void): void
}

/** Tokens that count once. */
export type UsedTokens = {
  /** @returns false when it was used before; it is remembered until `expiresAt`, when its age speaks against it anyway */
  use(token: { id: string; expiresAt: Date }): Promise<boolean>
}

/** Which sessions the locked folder is open to: for a while after the PIN was typed, and never to an API key. */
export type Elevations = {
  /** ISO time until which it is open; undefined when it is shut. Looking into it keeps it open for some minutes more. */
  openUntil(sessionId: string, use?: 'looks-in'): Promise<string | undefined>
  open(sessionId: string): Promise<void>
  /** @returns whether there is such a session of this person */
  shut(of: { userId: string; sessionId: string }): Promise<boolean>
  shutAll(userId: string): Promise<void>
}

/** From where people signed in by password before. */
export type SignInPlaces = {
  add(of: { userId: string; place: string }): Promise<void>
  has(of: { userId: string; place: string }): Promise<boolean>
}
