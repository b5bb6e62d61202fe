/** A member of the household. `isAdmin` members are admins. */
export type User = {
  id: string
  email: string
  name: string
  /** False for a person who can only sign in by header. */
  hasPassword: boolean
  /** How the account came to be. */
  madeBy: 'password' | 'trusted-header' | 'oauth'
  /** The login service's own id of the person, once it has been seen. */
  headerId: string | null
  /** The subject at the issuer of OpenID Connect to which the account is linked. */
  oauthId: string | null
  isAdmin: boolean
  avatarColor: string
  storageLabel: string | null
  shouldChangePassword: boolean
  isOnboarded: boolean
  /** Bytes; null = no limit. */
  quotaBytes: number | null
  usageBytes: number
  /** Storage key of the profile picture, and the address it follows, if it does. */
  pictureKey: string | null
  pictureSource: string | null
  profileChangedAt: string
  createdAt: string
  updatedAt: string
  deletedAt: string | null
}

/** One person at one issuer of OpenID Connect: a subject means nothing without its issuer. */
export type OauthLink = { issuer: string; id: string }

export type NewUser = {
  email: string
  name: string
  /** Null for an account made by header. */
  passwordHash: string | null
  headerId?: string | undefined
  /** The account is made for this subject of an issuer of OpenID Connect. */
  oauth?: OauthLink | undefined
  isAdmin?: boolean | undefined
  avatarColor?: string | undefined
  storageLabel?: string | null | undefined
  quotaBytes?: number | null | undefined
  shouldChangePassword?: boolean | undefined
}

export type UserChanges = Partial<{
  email: string
  name: string
  passwordHash: string
  /** Null: no PIN. */
  pinHash: string | null
  isAdmin: boolean
  avatarColor: string
  storageLabel: string | null
  quotaBytes: number | null
  shouldChangePassword: boolean
  isOnboarded: boolean
  deletedAt: string | null
}>

/** The people of the household, as the other domains use them. */
export type Users = {
  /** Without deleted people unless asked. */
  list(options?: { withDeleted?: boolean }): Promise<User[]>
  /** Also finds deleted people. */
  byId(id: string): Promise<User | undefined>
  /** `email` in canonical form; also finds deleted people. */
  byEmail(email: string): Promise<User | undefined>
  /** By the login service's own id; also finds deleted people. */
  byHeaderId(headerId: string): Promise<User | undefined>
  /** By the subject at an issuer of OpenID Connect; also finds deleted people. */
  byOauth(link: OauthLink): Promise<User | undefined>
  passwordHashOf(id: string): Promise<string | null>
  /** The same password under another hash; nothing where the password was changed meanwhile. */
  rehash(of: { userId: string; before: string; after: string }): Promise<void>
  pinHashOf(id: string): Promise<string | null>
  hasAdmin(): Promise<boolean>
  /** @throws {Problem} 400 when the e-mail address or the storage label is taken */
  add(user: NewUser): Promise<User>
  /**
   * Adds the account unless one has that e-mail address or login service's id already; then undefined. Safe against
   * twenty parallel first requests.
   */
  addIfMissing(user: NewUser): Promise<User | undefined>
  /** The first admin; undefined when there is one already. */
  addFirstAdmin(user: NewUser): Promise<User | undefined>
  /** @throws {Problem} 400 when the e-mail address or the storage label is taken, or nobody would be an admin any more */
  change(id: string, changes: UserChanges): Promise<User>
  /**
   * Binds the login service's id to an account that has none.
   *
   * @returns false when the account has one by now, or another account has this one
   */
  bindHeaderId(of: { userId: string; headerId: string }): Promise<boolean>
  /** Lets the next id that the login service sends be bound; for an id that was read from the wrong header. */
  unbindHeaderId(userId: string): Promise<void>
  /**
   * Links an account to a subject of an issuer. A link to another issuer, which the household has left, is replaced.
   *
   * @returns false when the account is linked to another subject of this issuer, or another account to this one
   */
  linkOauth(of: { userId: string; link: OauthLink }): Promise<boolean>
  unlinkOauth(userId: string): Promise<User>
  unlinkOauthOfAll(): Promise<void>
  /**
   * Takes the admin's rights from a person, unless nobody else has them: then false. Two at once leave one admin.
   * `change` refuses what would leave none, in the same way.
   */
  withdrawAdmin(id: string): Promise<boolean>
  preferencesOf(id: string): Promise<unknown>
  setPreferences(id: string, preferences: unknown): Promise<void>
}
