import type { RefusalCode, Verdict } from '@porchlight/trusted-header'
import type { SignInMethod } from '../sessions/sessions.ts'

/** What the session cookie of a request stands for. */
export type CookieSession = 'none' | 'unknown' | { method: SignInMethod; email: string }

/** What to do with a request that carries a cookie, a proxy's word, both or neither. */
export type Outcome =
  /** The session speaks. */
  | { do: 'keep' }
  /** The proxy's word speaks, for this one request. */
  | { do: 'follow-header'; email: string }
  /** Another person sits here now: the cookie is replaced by hers. `revoke`: the old session ends. */
  | { do: 'switch-person'; email: string; revoke: boolean }
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
    if ('identity' in verdict) return { do: 'follow-header', email: verdict.identity.email }
    return { do: 'nobody', clearCookies: session === 'unknown', ...verdict }
  }
  return session.method === 'trusted-header'
    ? reconcileHeaderSession(session.email, verdict)
    : reconcilePasswordSession(session.email, verdict, onConflict)
}

function reconcileHeaderSession(email: string, verdict: Verdict): Outcome {
  if ('identity' in verdict) {
    const now = verdict.identity.email
    return now === email ? { do: 'keep' } : { do: 'switch-person', email: now, revoke: true }
  }
  // Somebody past the proxy holds the cookie: no entry, but no power to end the session either.
  if (!verdict.fromProxy) return { do: 'refuse', code: undefined, revoke: false }
  return { do: 'refuse', code: 'signed_out_at_proxy', revoke: true }
}

function reconcilePasswordSession(email: string, verdict: Verdict, onConflict: 'header' | 'refuse'): Outcome {
  if ('refused' in verdict || verdict.identity.email === email) return { do: 'keep' }
  if (onConflict === 'refuse') return { do: 'refuse', code: 'identity_conflict', revoke: false }
  return { do: 'switch-person', email: verdict.identity.email, revoke: false }
}
