import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import { adminOnly, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, Problem } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import { toUserAdminResponse, userAdminResponse } from '../users/user-wire.ts'
import type { Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import { callbackBody } from './oauth-flow.ts'
import type { OpenidFlow } from './openid-flow.ts'

type Ports = { settings: Settings; users: Users; flow: OpenidFlow; audit: Pick<AuditTrail, 'record'> }

/** Who is signed in links the account to the issuer, or takes the link away. */
export function oauthLinkRoutes(app: HttpServer, { settings, users, flow, audit }: Ports): void {
  const schema = { tags: ['oauth'], response: { 200: userAdminResponse } }

  app.post(
    '/api/oauth/link',
    { config: { access: signedIn() }, schema: { ...schema, body: callbackBody } },
    async (request, reply) => {
      const inForce = await settings.current()
      if (!flow.isOn(inForce)) throw badRequest('OAuth is not enabled')
      if (inForce.onProbation)
        throw new Problem(409, 'Link the account once the new settings are confirmed', {
          code: 'on_probation',
        })
      const { id: userId, email } = userOf(request)
      const { issuer, subject } = await flow.wordOn({ request, reply, inForce, body: request.body })
      const link = { issuer, id: subject }
      const linked = await users.linkOauth({ userId, link })
      const owner = await users.byOauth(link)
      if (owner?.id !== userId)
        throw badRequest('This OAuth account has already been linked to another user.')
      if (linked)
        audit.record({ kind: 'oauth_linked', method: 'oauth', userId, email, peer: peerOf(request) })
      return toUserAdminResponse(owner)
    },
  )

  app.post('/api/oauth/unlink', { config: { access: signedIn() }, schema }, async (request) => {
    const { id: userId, email } = userOf(request)
    const user = await users.unlinkOauth(userId)
    audit.record({ kind: 'oauth_unlinked', method: 'oauth', userId, email, peer: peerOf(request) })
    return toUserAdminResponse(user)
  })

  app.post(
    '/api/admin/auth/unlink-all',
    { config: { access: adminOnly('adminAuth.unlinkAll') }, schema: { tags: ['oauth'] } },
    async (request, reply) => {
      const { id: actorId } = userOf(request)
      await users.unlinkOauthOfAll()
      audit.record({ kind: 'oauth_unlinked', actorId, peer: peerOf(request), details: { of: 'everybody' } })
      return reply.status(204).send()
    },
  )
}
