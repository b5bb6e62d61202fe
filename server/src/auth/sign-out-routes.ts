import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { callerOf, type Caller } from '../users/caller.ts'
import { peerOf } from './arrival.ts'
import { clearSignInCookies } from './sign-in-cookies.ts'
import { logoutResponse } from './sign-in-wire.ts'
import { whereSignOutGoes } from './sign-out-target.ts'

type Ports = { settings: Settings; sessions: Sessions; audit: Pick<AuditTrail, 'record'> }

const logoutBody = z.object({ thisDeviceOnly: z.boolean().optional() }).nullish()
const logoutQuery = z.object({ thisDeviceOnly: z.enum(['true', 'false']).optional() })

/**
 * Ends sessions here, and says where the sign-out goes on: at the login service that vouched. Whoever came in by its word
 * is out on every device, since it signs out everywhere too; `thisDeviceOnly` leaves the others.
 */
export function signOutRoutes(app: HttpServer, { settings, sessions, audit }: Ports): void {
  app.post(
    '/api/auth/logout',
    {
      config: { access: signedIn() },
      schema: {
        tags: ['auth'],
        body: logoutBody,
        querystring: logoutQuery,
        response: { 200: logoutResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const onlyHere = request.body?.thisDeviceOnly ?? request.query.thisDeviceOnly === 'true'
      await endSessions(caller, onlyHere)
      const { id: userId, email } = caller.user
      const details = { devices: cameByHeader(caller) && !onlyHere ? 'all' : 'this one' }
      audit.record({
        kind: 'signed_out',
        method: methodOf(caller),
        userId,
        email,
        peer: peerOf(request),
        details,
      })
      clearSignInCookies(reply)
      reply.header('Clear-Site-Data', '"cache", "storage"')
      return reply.status(200).send({ successful: true, redirectUri: await whereNext(request, caller) })
    },
  )

  async function endSessions(caller: Caller, onlyHere: boolean): Promise<void> {
    const userId = caller.user.id
    if (cameByHeader(caller) && !onlyHere) await sessions.revokeAll({ userId, method: 'trusted-header' })
    else if (caller.by === 'session') await sessions.revoke({ userId, sessionId: caller.sessionId })
  }

  async function whereNext(request: FastifyRequest, caller: Caller): Promise<string> {
    if (!cameByHeader(caller)) return '/auth/login?autoLaunch=0'
    return whereSignOutGoes(request, await settings.current())
  }
}

const methodOf = (caller: Caller): string => (caller.by === 'session' ? caller.method : caller.by)

const cameByHeader = (caller: Caller): boolean => methodOf(caller) === 'trusted-header'
