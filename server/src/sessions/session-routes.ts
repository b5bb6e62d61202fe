import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { noAccess } from '../platform/problem.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import type { Session, Sessions } from './sessions.ts'

const sessionResponse = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    expiresAt: z.string().optional(),
    current: z.boolean(),
    deviceType: z.string(),
    deviceOS: z.string(),
    appVersion: z.string().nullable(),
    isPendingSyncReset: z.boolean(),
  })
  .meta({ id: 'SessionResponseDto' })

const toResponse = (session: Session, current: boolean): z.infer<typeof sessionResponse> => ({
  id: session.id,
  createdAt: session.createdAt,
  updatedAt: session.updatedAt,
  ...(session.expiresAt === null ? {} : { expiresAt: session.expiresAt }),
  current,
  deviceType: session.device.type,
  deviceOS: session.device.os,
  appVersion: session.device.appVersion,
  isPendingSyncReset: false,
})

/** The person's own sessions: see them, end them. */
export function sessionRoutes(
  app: HttpServer,
  { sessions, report }: { sessions: Sessions; report: Report },
): void {
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
      return found.map((session) => toResponse(session, session.id === current))
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
