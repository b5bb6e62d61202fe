import type { Identity, Verdict } from '@porchlight/trusted-header'
import type { ApiKeys } from '../api-keys/api-keys.ts'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { unauthenticated, type Problem } from '../platform/problem.ts'
import type { Session, Sessions } from '../sessions/sessions.ts'
import type { ShareAddress, VisitAt } from '../sharing/sharing.ts'
import type { Caller } from '../users/caller.ts'
import type { User } from '../users/users.ts'
import type { Visit } from '../users/visit.ts'
import { peerOf } from './arrival.ts'
import { clientAddress } from './client-address.ts'
import { cookieToken, explicitCredential, type ExplicitCredential } from './credentials.ts'
import { isSamePerson, reconcile, type Outcome } from './reconcile.ts'
import type { RequestView } from './request-view.ts'
import { isUnsafe, refuseForeignSite } from './same-origin.ts'
import type { VerdictOn } from './verdicts.ts'
import type { PersonFor } from './vouched-people.ts'

export type Asking =
  | { caller: Caller; staleCookie: boolean }
  /** By shared link: nothing else about the request was looked at. */
  | { visit: Visit }
  /** The cookie is somebody else's: the answer replaces it by a session of `user`. */
  | { switchTo: User }
  | { refused: Problem; clearCookies: boolean }

type Found = { session: Session; user: User }
/** What the cookie of a request led to. */
type CookieFound = Found | 'none' | 'unknown'

/** One request, with all that was found out about it. */
type Case = { request: RequestView; inForce: SettingsInForce; found: CookieFound; verdict: Verdict }

export type AuthPorts = {
  settings: Settings
  sessions: Sessions
  apiKeys: ApiKeys
  visitAt: VisitAt
  verdictOn: VerdictOn
  personFor: PersonFor
  audit: Pick<AuditTrail, 'record'>
}

/** For whom a request speaks. */
export type WhoIsAsking = (request: RequestView) => Promise<Asking>

/**
 * Says for whom a request speaks: the chain of credentials of the design, in one place. Sessions that have lost their
 * ground are revoked here, so that it cannot be forgotten.
 */
export function createWhoIsAsking(ports: AuthPorts): WhoIsAsking {
  const { settings, sessions, apiKeys, visitAt, verdictOn, personFor, audit } = ports

  return async function whoIsAsking(request) {
    const explicit = explicitCredential(request)
    // A shared link shows the same to everybody: who else is there is not even looked at.
    if (explicit?.kind === 'shared-link') return bySharedLink(explicit.address, request)
    const inForce = await settings.current()
    if (explicit) return byExplicitCredential(explicit, request, inForce)

    const { externalDomain } = inForce.config.server
    const foreign = isUnsafe(request.method) && refuseForeignSite(request.headers, externalDomain)
    if (foreign) {
      audit.record({ kind: 'sign_in_refused', code: foreign.code, peer: peerOf(request) })
      return refuse(foreign)
    }
    const token = cookieToken(request)
    const from = () => clientAddress(request, inForce.policy)
    const found = token === undefined ? 'none' : ((await sessions.byToken(token, from)) ?? 'unknown')
    return byCookieOrHeader({ request, inForce, found, verdict: await verdictOn(request, inForce) })
  }

  async function byCookieOrHeader(it: Case): Promise<Asking> {
    const outcome = compare(it)
    // A link on a foreign page may lead past the portal; it must not be able to sign anybody out.
    if (isNobodysWord(outcome) && comesFromElsewhere(it.request)) return refuse(unauthenticated())
    if ('revoke' in outcome && outcome.revoke) await revoke(it)
    switch (outcome.do) {
      case 'keep':
        return keep(it, outcome.identity)
      case 'follow-header':
        return followHeader(it, outcome.identity)
      case 'switch-person':
        return switchPerson(it, outcome.identity)
      case 'refuse':
        return refuseAndTell(it, outcome)
      case 'nobody':
        return nobody(it, outcome)
    }
  }

  function compare({ found, verdict, inForce }: Case): Outcome {
    const session = typeof found === 'string' ? found : { method: found.session.method, user: found.user }
    return reconcile(session, verdict, inForce.config.trustedHeader.onConflict)
  }

  /** The session speaks. Where the proxy vouches for the same person, groups and addresses follow its word. */
  async function keep(it: Case, identity: Identity | undefined): Promise<Asking> {
    const { found } = it
    if (typeof found === 'string') throw new Error('a session was kept that is not there')
    if (identity === undefined) return { caller: bySession(found), staleCookie: false }

    const person = await accountOf(it, { identity, signsIn: false })
    const byHeader = found.session.method === 'trusted-header'
    if ('refused' in person) {
      // What the header may not open, a password still does.
      if (!byHeader) return { caller: bySession(found), staleCookie: false }
      await revoke(it)
      return refusePerson(it, identity, person.refused)
    }
    if (person.user.id !== found.user.id) return meetAnother(it, { identity, user: person.user })
    return { caller: bySession({ session: found.session, user: person.user }), staleCookie: false }
  }

  /** The address was this person's, but the id that came with it is another account's. */
  async function meetAnother(
    it: Case,
    { identity, user }: { identity: Identity; user: User },
  ): Promise<Asking> {
    const { found, inForce } = it
    const byHeader = typeof found !== 'string' && found.session.method === 'trusted-header'
    if (byHeader) await revoke(it)
    else if (inForce.config.trustedHeader.onConflict === 'refuse')
      return refuseAndTell(it, { code: 'identity_conflict', revoke: false })
    tell(it, { kind: 'identity_changed', userId: user.id, email: identity.email })
    return { switchTo: user }
  }

  async function followHeader(it: Case, identity: Identity): Promise<Asking> {
    const person = await accountOf(it, { identity, signsIn: true })
    if ('refused' in person) return refusePerson(it, identity, person.refused)
    return { caller: { by: 'trusted-header', user: person.user }, staleCookie: it.found === 'unknown' }
  }

  async function switchPerson(it: Case, identity: Identity): Promise<Asking> {
    const person = await accountOf(it, { identity, signsIn: true })
    if ('refused' in person) return refusePerson(it, identity, person.refused)
    tell(it, { kind: 'identity_changed', userId: person.user.id, email: identity.email })
    return { switchTo: person.user }
  }

  function accountOf(
    { request, inForce, found }: Case,
    { identity, signsIn }: { identity: Identity; signsIn: boolean },
  ) {
    const near = typeof found === 'string' ? undefined : found.user
    const rules = inForce.config.trustedHeader
    const { onProbation } = inForce
    return personFor({ identity, signsIn, rules, near, peer: peerOf(request), onProbation })
  }

  function nobody(it: Case, outcome: Extract<Outcome, { do: 'nobody' }>): Asking {
    // A peer outside the trusted networks learns nothing of what it did wrong, and nobody is no news.
    const code = outcome.fromProxy && outcome.refused !== 'no_identity' ? outcome.refused : undefined
    if (code !== undefined) tell(it, { kind: 'sign_in_refused', code })
    if (outcome.clearCookies) return refuse(unauthenticated('Invalid user token'), true)
    return refuse(unauthenticated('Authentication required', code))
  }

  function refuseAndTell(it: Case, { code, revoke }: { code: string | undefined; revoke: boolean }): Asking {
    if (code !== undefined) {
      const engines = 'refused' in it.verdict ? { details: { verdict: it.verdict.refused } } : {}
      tell(it, { kind: 'sign_in_refused', code, ...whose(it.found), ...engines })
    }
    return refuse(unauthenticated('Authentication required', code), revoke)
  }

  function refusePerson(it: Case, { email }: Identity, code: string): Asking {
    tell(it, { kind: 'sign_in_refused', code, email })
    return refuse(unauthenticated('Authentication required', code), true)
  }

  async function byExplicitCredential(
    credential: Exclude<ExplicitCredential, { kind: 'shared-link' }>,
    request: RequestView,
    inForce: SettingsInForce,
  ): Promise<Asking> {
    const verdict = await verdictOn(request, inForce)
    if (credential.kind === 'session-token')
      return bySessionToken(credential.token, { request, inForce, verdict })
    const found = await apiKeys.bySecret(credential.secret)
    if (!found) return refuseExplicit(request, { code: 'unknown_api_key', message: 'Invalid API key' })
    const { apiKey, user } = found
    tellConflict({ request, verdict, method: 'api-key' }, user)
    const caller = { by: 'api-key', user, apiKeyId: apiKey.id, permissions: apiKey.permissions } as const
    return { caller, staleCookie: false }
  }

  async function bySharedLink(address: ShareAddress, request: RequestView): Promise<Asking> {
    const found = await visitAt(address, request.cookies)
    if (found === 'locked') return refuse(unauthenticated('Password required'))
    if (found) return found
    // One that is over, and one whose owner is deleted, look like one that never was.
    const message = 'key' in address ? 'Invalid share key' : 'Invalid share slug'
    return refuseExplicit(request, { code: 'unknown_share_link', message })
  }

  async function bySessionToken(token: string, at: Omit<Case, 'found'>): Promise<Asking> {
    const from = () => clientAddress(at.request, at.inForce.policy)
    const found = await sessions.byToken(token, from)
    if (!found) return refuseExplicit(at.request, { code: 'unknown_token', message: 'Invalid user token' })
    if (found.session.method !== 'trusted-header') {
      tellConflict({ ...at, method: 'session-token' }, found.user)
      return { caller: bySession(found), staleCookie: false }
    }
    // A header session lives by the proxy's word on each request, in whatever form its token comes.
    const it = { ...at, found }
    const outcome = compare(it)
    const asking = outcome.do === 'keep' ? await keep(it, outcome.identity) : undefined
    if (asking && 'caller' in asking) return asking
    if ('revoke' in outcome && outcome.revoke) await revoke(it)
    return refuse(unauthenticated('Invalid user token'))
  }

  /** Immich's clients compare the body exactly, so that the code is for the audit alone. */
  function refuseExplicit(
    request: RequestView,
    { code, message }: { code: string; message: string },
  ): Asking {
    audit.record({ kind: 'sign_in_refused', code, peer: peerOf(request) })
    return refuse(unauthenticated(message))
  }

  /** What was sent on purpose counts; that the header names somebody else says that a proxy lets it through. */
  function tellConflict(
    { request, verdict, method }: { request: RequestView; verdict: Verdict; method: string },
    user: User,
  ): void {
    if (!('identity' in verdict) || isSamePerson(user, verdict.identity)) return
    const { email } = verdict.identity
    audit.record({ kind: 'credential_conflict', method, userId: user.id, email, peer: peerOf(request) })
  }

  async function revoke({ found }: Case): Promise<void> {
    if (typeof found === 'string') return
    await sessions.revoke({ userId: found.user.id, sessionId: found.session.id })
  }

  function tell({ request }: Case, event: Parameters<typeof audit.record>[0]): void {
    audit.record({ method: 'trusted-header', peer: peerOf(request), ...event })
  }
}

const isNobodysWord = (outcome: Outcome): boolean =>
  outcome.do === 'nobody' || (outcome.do === 'refuse' && outcome.code === 'signed_out_at_proxy')

/** Another site made the browser ask (Fetch Metadata, section 2.3). */
const comesFromElsewhere = ({ headers }: RequestView): boolean =>
  headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site'

const whose = (found: CookieFound) =>
  typeof found === 'string' ? {} : { userId: found.user.id, email: found.user.email }

const refuse = (refused: Problem, clearCookies = false): Asking => ({ refused, clearCookies })

const bySession = ({ session, user }: Found): Caller => ({
  by: 'session',
  user,
  sessionId: session.id,
  method: session.method,
})
