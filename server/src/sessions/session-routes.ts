import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import {
  sessionCreateBody,
  sessionCreateResponse,
  sessionResponse,
  toSessionResponse,
} from './session-wire.ts'
import type { Sessions } from './sessions.ts'

type Ports = { sessions: Sessions; clock: Clock; report: Report }

/** The person's own sessions, as Immich's clients know them: see them, make one that ends with this one, end them. */
export function sessionRoutes(app: HttpServer, { sessions, clock, report }: Ports): void {
  const tellOfEnd = (request: FastifyRequest, sessions: 'one' | 'all others') => {
    const { id: userId, email } = userOf(request)
    report(request, { kind: 'sessions_revoked', userId, email, details: { sessions } })
  }

  app.get(
    '/api/sessions',
    {
      config: { access: signedIn('session.read') },
      schema: { tags: ['sessions'], response: { 200: z.array(sessionResponse) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const current = sessionOf(caller)
      const found = await sessions.listOf(caller.user.id)
      return found.map((session) => toSessionResponse(session, session.id === current))
    },
  )

  app.post(
    '/api/sessions',
    {
      config: { access: signedIn('session.create') },
      schema: { tags: ['sessions'], body: sessionCreateBody, response: { 201: sessionCreateResponse } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      // A key would get more rights than it has, and the proxy's word alone has no session that ends.
      if (caller.by !== 'session') throw badRequest('This endpoint can only be used with a session token')
      const { duration, deviceType = '', deviceOS = '' } = request.body
      const { session, token } = await sessions.start({
        userId: caller.user.id,
        // It lives by what its parent lives by.
        method: caller.method,
        device: { type: deviceType, os: deviceOS, appVersion: null },
        parentId: caller.sessionId,
        ...(duration !== undefined && { expiresAt: new Date(clock.now().getTime() + duration * 1000) }),
      })
      return reply.status(201).send({ ...toSessionResponse(session, false), token })
    },
  )

  app.delete(
    '/api/sessions',
    {
      config: { access: signedIn('session.delete') },
      schema: { tags: ['sessions'], response: { 204: z.null() } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      await sessions.revokeAll({ userId: caller.user.id, except: sessionOf(caller) })
      tellOfEnd(request, 'all others')
      return reply.status(204).send(null)
    },
  )

  app.delete(
    '/api/sessions/:id',
    {
      config: { access: signedIn('session.delete') },
      schema: { tags: ['sessions'], params: z.object({ id: z.uuid() }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const gone = await sessions.revoke({ userId: userOf(request).id, sessionId: request.params.id })
      if (!gone) throw noAccess('authDevice.delete')
      tellOfEnd(request, 'one')
      return reply.status(204).send(null)
    },
  )
}
