import type { SystemConfig } from '../config/system-config.ts'

export type { IssuerLogout } from './issuer-logout.ts'
export type { OauthPeople, PersonProblem } from './oauth-people.ts'
export type { OpenidSignIn } from './openid-sign-in.ts'
export { appScheme, redirectAddress, returnAddress } from './redirect-addresses.ts'

export type OauthSettings = SystemConfig['oauth']

/** What the browser that began a sign-in keeps, and shows when it comes back. */
export type BeginKept = { state: string; codeVerifier: string }

/** The issuer's word on one sign-in, verified. */
export type IssuerWord = {
  issuer: string
  /** The issuer's id of the person. */
  subject: string
  /** The issuer's id of the sign-in, where it has one. */
  sid: string | undefined
  idToken: string | undefined
  profile: Profile
}

/** What an issuer says of a person. Absent: not said. */
export type Profile = {
  /** Canonical. */
  email?: string
  /** The issuer says that nobody has shown that the mailbox is hers. */
  /** The issuer says whether it has looked. Where it says nothing, the address opens no account that matters. */
  emailIs: 'verified' | 'unverified' | 'not_said'
  name?: string
  picture?: string
  role?: 'admin' | 'user'
  storageLabel?: string
  quotaBytes?: number
}

/** Why a sign-in by OpenID Connect came to nothing, beyond the issuer's own no. */
export type OauthRefusal =
  | 'issuer_unreachable'
  | 'issuer_refused'
  | 'issuer_answer_wrong'
  | 'code_used'
  | 'no_email'

export class OauthProblem extends Error {
  override name = 'OauthProblem'
  readonly code: OauthRefusal

  constructor(code: OauthRefusal, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

/** An error of the library says little; what lies below says what went wrong. Holds nothing of a token. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const below = error.cause instanceof Error ? `: ${reasonOf(error.cause)}` : ''
  return error.message + below
}

/** Which sign-in at the issuer a session came from. */
export type OpenidSession = {
  sessionId: string
  userId: string
  issuer: string
  subject: string
  sid: string | null
  idToken: string | null
}

/** The port: what the issuer said of sessions. A row goes with its session. */
export type OpenidSessions = {
  keep(session: Omit<OpenidSession, 'userId'>): Promise<void>
  of(sessionId: string): Promise<OpenidSession | undefined>
  /** The sessions of one sign-in (`sid`), or all of a person (`subject`); with both, those to which both apply. */
  meant(by: { issuer: string; subject?: string; sid?: string }): Promise<OpenidSession[]>
}
