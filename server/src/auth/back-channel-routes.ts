import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseEmail } from '@porchlight/trusted-header'
import type { LogoutOrder } from '@porchlight/trusted-header/assertion'
import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import { open } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { Sessions, UsedTokens } from '../sessions/sessions.ts'
import type { User, Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import { logoutForm, takeForms, uncached } from './form-body.ts'
import type { LogoutTokens } from './logout-tokens.ts'

type Ports = {
  settings: Settings
  users: Users
  sessions: Sessions
  usedTokens: UsedTokens
  logoutTokens: LogoutTokens
  audit: Pick<AuditTrail, 'record'>
}

const done = z.object({}).meta({ id: 'BackChannelLogoutResponse' })
const failed = z.object({ error: z.string(), error_description: z.string() })

/**
 * The login service says by itself that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0): the header
 * sessions of that person end. Its signature is the credential; there is no cookie and no identity here.
 */
export function backChannelRoutes(app: HttpServer, ports: Ports): void {
  void app.register(async (scope: HttpServer) => {
    takeForms(scope)
    scope.post(
      '/api/auth/backchannel-logout',
      {
        config: { access: open },
        schema: { tags: ['auth'], body: z.unknown(), response: { 200: done, 400: failed } },
      },
      async (request, reply) => answer(reply, await signOut(ports, request)),
    )
  })
}

/** Section 2.8: 200 once it is done, 400 for whatever was wrong. */
function answer(reply: FastifyReply, problem: string | undefined): FastifyReply {
  uncached(reply)
  if (problem === undefined) return reply.status(200).send({})
  return reply.status(400).send({ error: 'invalid_request', error_description: problem })
}

/** @returns what was wrong, if something was */
async function signOut(ports: Ports, request: FastifyRequest): Promise<string | undefined> {
  const { settings, users, sessions, usedTokens, logoutTokens, audit } = ports
  const { backChannelLogout } = (await settings.current()).config.trustedHeader
  if (backChannelLogout.jwksUrl === '') return 'Back-channel logout is not configured'
  const about = { method: 'back-channel', peer: peerOf(request) }
  const refuse = (code: string, problem: string) => {
    audit.record({ kind: 'logout_token_refused', code, ...about })
    return problem
  }

  const sent = logoutForm.safeParse(request.body)
  if (!sent.success) return refuse('bad_assertion', 'There is no logout_token')
  const order = await logoutTokens.verify(sent.data.logout_token, backChannelLogout)
  if ('refused' in order) return refuse(order.refused, 'The logout_token does not hold')
  const { jti, expiresAt } = order
  const isNew = await usedTokens.use({ id: `${backChannelLogout.issuer} ${jti}`, expiresAt })
  if (!isNew) return refuse('token_used', 'The logout_token was used before')

  // Who has no account here has no session either: then it is done already.
  const user = await meant(order, users)
  if (!user) return undefined
  await sessions.revokeAll({ userId: user.id, method: 'trusted-header' })
  audit.record({ kind: 'sessions_revoked', userId: user.id, email: user.email, ...about })
  return undefined
}

/** By the id that the account is bound to, else by the address where the token has one. A session id alone says nothing here. */
async function meant({ sub, email }: LogoutOrder, users: Users): Promise<User | undefined> {
  const bound = sub === undefined ? undefined : await users.byHeaderId(sub)
  const address = email === undefined ? undefined : parseEmail(email)
  return bound ?? (address === undefined ? undefined : users.byEmail(address))
}
