import { z } from 'zod'
import { describeRefusal, maskEmail, type Identity } from '@porchlight/trusted-header'
import type { FastifyRequest } from 'fastify'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { adminOnly, byIdentity } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { unauthenticated } from '../platform/problem.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { User } from '../users/users.ts'
import { arrivalOf, peerOf } from './arrival.ts'
import { cookieToken } from './credentials.ts'
import { sendIdentity } from './identity-value.ts'
import type { StartSession } from './person-sessions.ts'
import { refuseForeignSite } from './same-origin.ts'
import { loginResponse, toLoginResponse } from './sign-in-wire.ts'
import type { VerdictOn } from './verdicts.ts'
import type { PersonFor } from './vouched-people.ts'

type Ports = {
  settings: Settings
  sessions: Sessions
  startSession: StartSession
  verdictOn: VerdictOn
  personFor: PersonFor
  audit: Pick<AuditTrail, 'record'>
}

/** Signing in by the proxy's word, for a page that is already open. */
export function trustedHeaderRoutes(app: HttpServer, ports: Ports): void {
  const { settings, sessions, startSession, verdictOn, personFor, audit } = ports
  const tags = ['auth']

  app.post(
    '/api/auth/trusted-header',
    { config: { access: byIdentity }, schema: { tags, response: { 201: loginResponse } } },
    async (request, reply) => {
      const inForce = await settings.current()
      const foreign = refuseForeignSite(request.headers, inForce.config.server.externalDomain)
      if (foreign) throw foreign
      const identity = await vouchedFor(request, inForce)
      const { trustedHeader: rules } = inForce.config
      const { onProbation } = inForce
      const person = await personFor({ identity, rules, signsIn: true, peer: peerOf(request), onProbation })
      if ('refused' in person) throw refuse(request, person.refused, identity)
      await endSessionOfCookie(request, { user: person.user, onConflict: rules.onConflict })
      const token = await startSession({ request, reply }, person.user, 'trusted-header')
      sendIdentity(reply, person.user)
      return reply.status(201).send(toLoginResponse(person.user, token))
    },
  )

  app.get(
    '/api/auth/trusted-header/preview',
    { config: { access: byIdentity }, schema: { tags, response: { 200: z.object({ email: z.string() }) } } },
    async (request) => ({ email: (await vouchedFor(request, await settings.current())).email }),
  )

  arrivalRoute(app, ports)

  /** @throws 401 with the reason code, which only a proxy gets to see */
  async function vouchedFor(request: FastifyRequest, inForce: SettingsInForce): Promise<Identity> {
    const verdict = await verdictOn(request, inForce)
    if ('identity' in verdict) return verdict.identity
    if (!verdict.fromProxy) throw unauthenticated()
    throw refuse(request, verdict.refused)
  }

  function refuse(request: FastifyRequest, code: string, identity?: Identity) {
    const kind = 'sign_in_refused'
    audit.record({ kind, code, method: 'trusted-header', email: identity?.email, peer: peerOf(request) })
    return unauthenticated('Authentication required', code)
  }

  /**
   * A new session at each sign-in; the header session that the browser brought along is over. One of another kind stays,
   * and where the settings say so, so does its cookie.
   */
  async function endSessionOfCookie(
    request: FastifyRequest,
    { user, onConflict }: { user: User; onConflict: 'header' | 'refuse' },
  ): Promise<void> {
    const token = cookieToken(request)
    const found = token === undefined ? undefined : await sessions.byToken(token)
    if (!found) return
    if (found.session.method !== 'trusted-header') {
      if (onConflict === 'refuse' && found.user.id !== user.id) throw refuse(request, 'identity_conflict')
      return
    }
    await sessions.revoke({ userId: found.user.id, sessionId: found.session.id })
  }
}

const arrivalResponse = z.object({
  peer: z.string().nullable(),
  trusted: z.boolean(),
  verdict: z.union([
    z.object({ identity: z.object({ email: z.string() }) }),
    z.object({ refused: z.string(), explanation: z.string() }),
  ]),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
})

/** What this server sees of the admin's own request: the best help in setting up a proxy. */
function arrivalRoute(app: HttpServer, { settings, verdictOn }: Pick<Ports, 'settings' | 'verdictOn'>): void {
  app.get(
    '/api/admin/trusted-header/arrival',
    {
      config: { access: adminOnly('systemConfig.read') },
      schema: { tags: ['settings'], response: { 200: arrivalResponse } },
    },
    async (request) => {
      const inForce = await settings.current()
      const arrival = arrivalOf(request)
      const verdict = await verdictOn(request, inForce)
      return {
        peer: peerOf(request) ?? null,
        trusted: arrival.peer !== undefined && inForce.policy.networks.contains(arrival.peer),
        verdict:
          'refused' in verdict
            ? { refused: verdict.refused, explanation: describeRefusal(verdict.refused) }
            : { identity: { email: verdict.identity.email } },
        headers: identityHeaders(arrival.rawHeaders),
      }
    },
  )
}

const looksLikeIdentity =
  /^(remote|x-remote|x-forwarded|x-auth|x-webauth)[-_.](user|email|name|groups|mail)|email|authentik/i

/** Headers that look as if they named a person. Addresses are masked; a signed word could be used again, so it is left out. */
function identityHeaders(rawHeaders: readonly string[]): { name: string; value: string }[] {
  const found = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (looksLikeIdentity.test(name)) found.push({ name, value: shown(name, rawHeaders[index + 1] ?? '') })
  }
  return found
}

function shown(name: string, value: string): string {
  if (/jwt|token|secret|assertion/i.test(name)) return `[${value.length} characters]`
  return value.includes('@') ? maskEmail(value) : value.slice(0, 120)
}
