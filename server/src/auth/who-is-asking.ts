import type { FastifyRequest } from 'fastify'
import { decide } from '@porchlight/trusted-header'
import type { ApiKeys } from '../api-keys/api-keys.ts'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import type { TrustedHeaderSettings } from '../config/trusted-header-settings.ts'
import { unauthenticated, type Problem } from '../platform/problem.ts'
import type { Session, Sessions } from '../sessions/sessions.ts'
import type { Caller } from '../users/caller.ts'
import type { User, Users } from '../users/users.ts'
import { arrivalOf } from './arrival.ts'
import { cookieToken, explicitCredential, type ExplicitCredential } from './credentials.ts'
import { reconcile, type Outcome } from './reconcile.ts'
import { isUnsafe, refuseForeignSite } from './same-origin.ts'
import { vouchedPerson } from './vouched-person.ts'

export type Asking =
  | { caller: Caller; staleCookie: boolean }
  /** The cookie is somebody else's: the answer replaces it by a session of `user`. */
  | { switchTo: User }
  | { refused: Problem; clearCookies: boolean }

type Found = { session: Session; user: User }
/** What the cookie of a request led to. */
type CookieFound = Found | 'none' | 'unknown'

export type AuthPorts = { settings: Settings; users: Users; sessions: Sessions; apiKeys: ApiKeys }

/**
 * Says for whom a request speaks: the chain of credentials of the design, in one place. Nobody else reads an identity
 * header. Sessions that have lost their ground are revoked here, so that it cannot be forgotten.
 */
export function createWhoIsAsking({ settings, users, sessions, apiKeys }: AuthPorts) {
  return async function whoIsAsking(request: FastifyRequest): Promise<Asking> {
    const explicit = explicitCredential(request)
    if (explicit) return byExplicitCredential(explicit, request)

    const inForce = await settings.current()
    const { externalDomain } = inForce.config.server
    const foreign = isUnsafe(request.method) && refuseForeignSite(request.headers, externalDomain)
    if (foreign) return refuse(foreign)
    const token = cookieToken(request)
    const found = token === undefined ? undefined : await sessions.byToken(token)
    const session = found ?? (token === undefined ? 'none' : 'unknown')
    const outcome = await reconciled(request, session, inForce)
    return follow(outcome, { session, inForce })
  }

  /** Compares session and header; a session that has lost its ground is gone when this returns. */
  async function reconciled(
    request: FastifyRequest,
    found: CookieFound,
    { config, policy }: SettingsInForce,
  ): Promise<Outcome> {
    const session =
      typeof found === 'string' ? found : { method: found.session.method, email: found.user.email }
    const outcome = reconcile(session, decide(policy, arrivalOf(request)), config.trustedHeader.onConflict)
    if (typeof found !== 'string' && 'revoke' in outcome && outcome.revoke) {
      await sessions.revoke({ userId: found.user.id, sessionId: found.session.id })
    }
    return outcome
  }

  async function byExplicitCredential(
    credential: ExplicitCredential,
    request: FastifyRequest,
  ): Promise<Asking> {
    if (credential.kind === 'shared-link') return refuse(unauthenticated('Invalid share key'))
    return credential.kind === 'session-token'
      ? bySessionToken(credential.token, request)
      : byApiKey(credential.secret)
  }

  async function bySessionToken(token: string, request: FastifyRequest): Promise<Asking> {
    const found = await sessions.byToken(token)
    if (!found) return refuse(unauthenticated('Invalid user token'))
    // A header session lives by the proxy's word on each request, in whatever form its token comes.
    const byHeader = found.session.method === 'trusted-header'
    if (!byHeader) return { caller: bySession(found), staleCookie: false }
    const outcome = await reconciled(request, found, await settings.current())
    if (outcome.do !== 'keep') return refuse(unauthenticated('Invalid user token'))
    return { caller: bySession(found), staleCookie: false }
  }

  async function byApiKey(secret: string): Promise<Asking> {
    const found = await apiKeys.bySecret(secret)
    if (!found) return refuse(unauthenticated('Invalid API key'))
    const { apiKey, user } = found
    const caller = { by: 'api-key', user, apiKeyId: apiKey.id, permissions: apiKey.permissions } as const
    return { caller, staleCookie: false }
  }

  async function follow(
    outcome: Outcome,
    { session, inForce }: { session: CookieFound; inForce: SettingsInForce },
  ): Promise<Asking> {
    const { trustedHeader } = inForce.config
    switch (outcome.do) {
      case 'keep':
        if (typeof session === 'string') throw new Error('a session was kept that is not there')
        return { caller: bySession(session), staleCookie: false }
      case 'follow-header':
        return followHeader(outcome.email, trustedHeader, (user) => ({
          caller: { by: 'trusted-header', user },
          staleCookie: session === 'unknown',
        }))
      case 'switch-person':
        return followHeader(outcome.email, trustedHeader, (user) => ({ switchTo: user }))
      case 'refuse':
        return refuse(unauthenticated('Authentication required', outcome.code), outcome.revoke)
      case 'nobody': {
        if (outcome.clearCookies) return refuse(unauthenticated('Invalid user token'), true)
        // A peer outside the trusted networks learns nothing of what it did wrong.
        const tells = outcome.fromProxy && outcome.refused !== 'no_identity'
        const code = tells ? outcome.refused : undefined
        return refuse(unauthenticated('Authentication required', code))
      }
    }
  }

  async function followHeader(
    email: string,
    rules: TrustedHeaderSettings,
    then: (user: User) => Asking,
  ): Promise<Asking> {
    const person = await vouchedPerson(users, email, rules)
    if ('user' in person) return then(person.user)
    return refuse(unauthenticated('Authentication required', person.refused), true)
  }
}

const refuse = (refused: Problem, clearCookies = false): Asking => ({ refused, clearCookies })

const bySession = ({ session, user }: Found): Caller => ({
  by: 'session',
  user,
  sessionId: session.id,
  method: session.method,
})
