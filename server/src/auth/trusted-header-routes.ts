import { z } from 'zod'
import { decide, describeRefusal, maskEmail, type Policy } from '@porchlight/trusted-header'
import type { FastifyRequest } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { adminOnly, byIdentity } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { unauthenticated } from '../platform/problem.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Users } from '../users/users.ts'
import { arrivalOf } from './arrival.ts'
import { cookieToken } from './credentials.ts'
import { sendIdentity } from './identity-value.ts'
import type { StartSession } from './person-sessions.ts'
import { refuseForeignSite } from './same-origin.ts'
import { loginResponse, toLoginResponse } from './sign-in-wire.ts'
import { vouchedPerson } from './vouched-person.ts'

type Ports = { settings: Settings; users: Users; sessions: Sessions; startSession: StartSession }

/** Signing in by the proxy's word, for a page that is already open. */
export function trustedHeaderRoutes(
  app: HttpServer,
  { settings, users, sessions, startSession }: Ports,
): void {
  const tags = ['auth']

  app.post(
    '/api/auth/trusted-header',
    { config: { access: byIdentity }, schema: { tags, response: { 201: loginResponse } } },
    async (request, reply) => {
      const { config, policy } = await settings.current()
      const foreign = refuseForeignSite(request.headers, config.server.externalDomain)
      if (foreign) throw foreign
      const person = await vouchedPerson(users, vouchedEmail(request, policy), config.trustedHeader)
      if ('refused' in person) throw unauthenticated('Authentication required', person.refused)
      await endSessionOfCookie(request)
      const token = await startSession({ request, reply }, person.user, 'trusted-header')
      sendIdentity(reply, person.user)
      return reply.status(201).send(toLoginResponse(person.user, token))
    },
  )

  app.get(
    '/api/auth/trusted-header/preview',
    { config: { access: byIdentity }, schema: { tags, response: { 200: z.object({ email: z.string() }) } } },
    async (request) => ({ email: vouchedEmail(request, (await settings.current()).policy) }),
  )

  arrivalRoute(app, settings)

  /** A new session at each sign-in; the header session that the browser brought along is over. */
  async function endSessionOfCookie(request: FastifyRequest): Promise<void> {
    const token = cookieToken(request)
    const found = token === undefined ? undefined : await sessions.byToken(token)
    if (found?.session.method !== 'trusted-header') return
    await sessions.revoke({ userId: found.user.id, sessionId: found.session.id })
  }
}

/** @throws 401 with the reason code, which only a proxy gets to see */
function vouchedEmail(request: FastifyRequest, policy: Policy): string {
  const verdict = decide(policy, arrivalOf(request))
  if ('identity' in verdict) return verdict.identity.email
  throw unauthenticated('Authentication required', verdict.fromProxy ? verdict.refused : undefined)
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
function arrivalRoute(app: HttpServer, settings: Settings): void {
  app.get(
    '/api/admin/trusted-header/arrival',
    {
      config: { access: adminOnly('systemConfig.read') },
      schema: { tags: ['settings'], response: { 200: arrivalResponse } },
    },
    async (request) => {
      const { policy } = await settings.current()
      const arrival = arrivalOf(request)
      const verdict = decide(policy, arrival)
      return {
        peer: arrival.peer ?? null,
        trusted: arrival.peer !== undefined && policy.networks.contains(arrival.peer),
        verdict:
          'refused' in verdict ? { ...verdict, explanation: describeRefusal(verdict.refused) } : verdict,
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
