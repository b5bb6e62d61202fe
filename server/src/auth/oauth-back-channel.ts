import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { LogoutOrder } from '@porchlight/trusted-header/assertion'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import type { IssuerLogout, OpenidSessions } from '../openid-connect/openid-connect.ts'
import { open } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest } from '../platform/problem.ts'
import type { Sessions, UsedTokens } from '../sessions/sessions.ts'
import { peerOf } from './arrival.ts'
import { logoutForm, takeForms, uncached } from './form-body.ts'

type Ports = {
  settings: Settings
  sessions: Sessions
  openidSessions: OpenidSessions
  usedTokens: UsedTokens
  verifyLogout: IssuerLogout
  audit: Pick<AuditTrail, 'record'>
}

/** The issuer says by itself that somebody has signed out there: the sessions that it had opened here end. */
export function oauthBackChannel(app: HttpServer, ports: Ports): void {
  void app.register(async (scope: HttpServer) => {
    takeForms(scope)
    scope.post(
      '/api/oauth/backchannel-logout',
      {
        config: { access: open },
        schema: { tags: ['oauth'], body: z.unknown(), response: { 200: z.object({}) } },
      },
      async (request, reply) => {
        uncached(reply)
        const problem = await signOut(ports, request)
        if (problem !== undefined) throw badRequest(problem)
        return reply.status(200).send({})
      },
    )
  })
}

const bad = 'Error backchannel logout: token validation failed'

/** @returns what was wrong, if something was */
async function signOut(ports: Ports, request: FastifyRequest): Promise<string | undefined> {
  const { settings, usedTokens, verifyLogout, audit } = ports
  const { oauth } = (await settings.current()).config
  if (!oauth.enabled) return 'OAuth is not enabled'
  const refuse = (code: string) => {
    audit.record({ kind: 'logout_token_refused', code, method: 'oauth', peer: peerOf(request) })
    return bad
  }

  const sent = logoutForm.safeParse(request.body)
  if (!sent.success) return refuse('bad_assertion')
  const verified = await verifyLogout(sent.data.logout_token, oauth).catch(() => undefined)
  if (!verified) return refuse('assertion_keys')
  const { issuer, outcome } = verified
  if ('refused' in outcome) return refuse(outcome.refused)
  const { jti, expiresAt } = outcome
  const isNew = await usedTokens.use({ id: `${issuer} ${jti}`, expiresAt })
  if (!isNew) return refuse('token_used')
  await endSessions(ports, { issuer, order: outcome, peer: peerOf(request) })
  return undefined
}

async function endSessions(
  { sessions, openidSessions, audit }: Ports,
  { issuer, order, peer }: { issuer: string; order: LogoutOrder; peer: string | undefined },
): Promise<void> {
  const { sub: subject, sid } = order
  const meant = await openidSessions.meant({
    issuer,
    ...(subject !== undefined && { subject }),
    ...(sid !== undefined && { sid }),
  })
  for (const { userId, sessionId } of meant) await sessions.revoke({ userId, sessionId })
  for (const userId of new Set(meant.map((one) => one.userId)))
    audit.record({ kind: 'sessions_revoked', method: 'oauth', userId, peer })
}
