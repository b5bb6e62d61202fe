import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { plainText } from '../platform/plain-text.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import { deviceResponse, toDeviceResponse } from './session-wire.ts'
import type { Sessions } from './sessions.ts'

type Ports = {
  sessions: Sessions
  clock: Clock
  report: Report
  /** Where the request came from, as far as is known. */
  addressOf(request: FastifyRequest): Promise<string | undefined>
}

const tags = ['sessions']
const name = plainText(100).trim()
const day = 24 * 60 * 60 * 1000
const newDevice = z.object({ name: name.min(1), days: z.number().int().min(1).max(3650).optional() })
const madeDevice = z.object({ token: z.string(), device: deviceResponse })

/** Where a person is signed in, with names; and a sign-in for a machine that has no browser, such as a TV or a script. */
export function ownDeviceRoutes(app: HttpServer, { sessions, clock, report, addressOf }: Ports): void {
  app.get(
    '/api/devices',
    {
      config: { access: signedIn('session.read') },
      schema: { tags, response: { 200: z.array(deviceResponse) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const found = await sessions.listOf(caller.user.id)
      return found.map((session) => toDeviceResponse(session, session.id === sessionOf(caller)))
    },
  )

  app.post(
    '/api/devices',
    {
      config: { access: signedIn('session.create') },
      schema: { tags, body: newDevice, response: { 201: madeDevice } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      // A device is let in by a person: a key would get more rights than it has, and a life of its own.
      if (caller.by === 'api-key') throw badRequest('An API key cannot add devices')
      if (caller.by === 'session' && caller.method === 'device')
        throw badRequest('A device cannot add devices; do it where you signed in yourself')
      const { name, days } = request.body
      const { id: userId, email } = caller.user
      const expiresAt = days === undefined ? undefined : new Date(clock.now().getTime() + days * day)
      const { session, token } = await sessions.start({
        userId,
        method: 'device',
        device: { type: '', os: '', appVersion: null },
        name,
        seenFrom: await addressOf(request),
        expiresAt,
      })
      report(request, { kind: 'device_added', method: 'device', userId, email, details: { name, days } })
      reply.header('Cache-Control', 'no-store')
      return reply.status(201).send({ token, device: toDeviceResponse(session, false) })
    },
  )

  app.put(
    '/api/devices/:id',
    {
      config: { access: signedIn('session.update') },
      schema: {
        tags,
        params: z.object({ id: z.uuid() }),
        body: z.object({ name: name }),
        response: { 200: deviceResponse },
      },
    },
    async (request) => {
      const of = { userId: userOf(request).id, sessionId: request.params.id }
      const renamed = await sessions.rename(of, request.body.name || null)
      if (!renamed) throw noAccess('authDevice.update')
      return toDeviceResponse(renamed, renamed.id === sessionOf(callerOf(request)))
    },
  )
}
