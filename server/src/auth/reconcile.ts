import type { Identity, RefusalCode, Verdict } from '@porchlight/trusted-header'
import type { SignInMethod } from '../sessions/sessions.ts'
import type { User } from '../users/users.ts'

type Person = Pick<User, 'email' | 'headerId'>

/** What the session cookie of a request stands for. */
export type CookieSession = 'none' | 'unknown' | { method: SignInMethod; user: Person }

/** What to do with a request that carries a cookie, a proxy's word, both or neither. */
export type Outcome =
  /** The session speaks. `identity`: the proxy vouches for the same person. */
  | { do: 'keep'; identity: Identity | undefined }
  /** The proxy's word speaks, for this one request. */
  | { do: 'follow-header'; identity: Identity }
  /** Another person sits here now: the cookie is replaced by hers. `revoke`: the old session ends. */
  | { do: 'switch-person'; identity: Identity; revoke: boolean }
  | { do: 'refuse'; code: 'signed_out_at_proxy' | 'identity_conflict' | undefined; revoke: boolean }
  | { do: 'nobody'; clearCookies: boolean; refused: RefusalCode; fromProxy: boolean }

/**
 * Compares session and identity header on one request (the reconcile table of the design).
 *
 * A session that a header started lives only as long as the proxy goes on to vouch for the same person; a password
 * session never depended on the header.
 */
export function reconcile(
  session: CookieSession,
  verdict: Verdict,
  onConflict: 'header' | 'refuse',
): Outcome {
  if (session === 'none' || session === 'unknown') {
    if ('identity' in verdict) return { do: 'follow-header', identity: verdict.identity }
    return { do: 'nobody', clearCookies: session === 'unknown', ...verdict }
  }
  return session.method === 'trusted-header'
    ? reconcileHeaderSession(session.user, verdict)
    : reconcilePasswordSession(session.user, verdict, onConflict)
}

/**
 * Whether the proxy's word is about this person: by the login service's id where it was said and is bound, for an e-mail
 * address may pass from one person to another; else by the address.
 */
export function isSamePerson({ email, headerId }: Person, identity: Identity): boolean {
  if (identity.id !== undefined && headerId !== null) return identity.id === headerId
  return identity.email === email
}

function reconcileHeaderSession(person: Person, verdict: Verdict): Outcome {
  if ('identity' in verdict) {
    const { identity } = verdict
    if (isSamePerson(person, identity)) return { do: 'keep', identity }
    return { do: 'switch-person', identity, revoke: true }
  }
  // Somebody past the proxy holds the cookie: no entry, but no power to end the session either.
  if (!verdict.fromProxy) return { do: 'refuse', code: undefined, revoke: false }
  return { do: 'refuse', code: 'signed_out_at_proxy', revoke: true }
}

function reconcilePasswordSession(
  person: Person,
  verdict: Verdict,
  onConflict: 'header' | 'refuse',
): Outcome {
  if ('refused' in verdict) return { do: 'keep', identity: undefined }
  const { identity } = verdict
  if (isSamePerson(person, identity)) return { do: 'keep', identity }
  if (onConflict === 'refuse') return { do: 'refuse', code: 'identity_conflict', revoke: false }
  return { do: 'switch-person', identity, revoke: false }
}
