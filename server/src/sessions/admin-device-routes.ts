import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { adminOnly } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import type { User, Users } from '../users/users.ts'
import { deviceResponse, sessionResponse, toDeviceResponse, toSessionResponse } from './session-wire.ts'
import type { Sessions } from './sessions.ts'

type Ports = { sessions: Sessions; users: Pick<Users, 'byId'>; report: Report }

const tags = ['admin']
const params = z.object({ id: z.uuid() })

/** What an admin sees and ends of the devices of others: when a phone is lost, its owner may not be at hand. */
export function adminDeviceRoutes(app: HttpServer, { sessions, users, report }: Ports): void {
  app.get(
    '/api/admin/users/:id/sessions',
    {
      config: { access: adminOnly('adminSession.read') },
      schema: { tags, params, response: { 200: z.array(sessionResponse) } },
    },
    async (request) => {
      const current = sessionOf(callerOf(request))
      const { id } = await known(request.params.id)
      return (await sessions.listOf(id)).map((session) => toSessionResponse(session, session.id === current))
    },
  )

  app.get(
    '/api/admin/users/:id/devices',
    {
      config: { access: adminOnly('adminSession.read') },
      schema: { tags, params, response: { 200: z.array(deviceResponse) } },
    },
    async (request) => {
      const current = sessionOf(callerOf(request))
      const { id } = await known(request.params.id)
      return (await sessions.listOf(id)).map((session) => toDeviceResponse(session, session.id === current))
    },
  )

  app.delete(
    '/api/admin/users/:id/devices/:deviceId',
    {
      config: { access: adminOnly() },
      schema: { tags, params: params.extend({ deviceId: z.uuid() }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const user = await known(request.params.id)
      const gone = await sessions.revoke({ userId: user.id, sessionId: request.params.deviceId })
      if (!gone) throw noAccess('authDevice.delete')
      tell(request, user, 'one')
      return reply.status(204).send(null)
    },
  )

  app.delete(
    '/api/admin/users/:id/devices',
    { config: { access: adminOnly() }, schema: { tags, params, response: { 204: z.null() } } },
    async (request, reply) => {
      const user = await known(request.params.id)
      // An admin who means himself stays here.
      await sessions.revokeAll({ userId: user.id, except: sessionOf(callerOf(request)) })
      tell(request, user, 'all')
      return reply.status(204).send(null)
    },
  )

  async function known(id: string): Promise<User> {
    const user = await users.byId(id)
    if (!user) throw badRequest('User not found')
    return user
  }

  function tell(request: FastifyRequest, { id: userId, email }: User, sessions: 'one' | 'all'): void {
    const { id: actorId } = userOf(request)
    report(request, { kind: 'sessions_revoked', userId, actorId, email, details: { sessions } })
  }
}
