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

type LeaveIssuer = (request: FastifyRequest, sessionId: string) => Promise<() => Promise<string | undefined>>

type Ports = {
  settings: Settings
  sessions: Sessions
  /** For a session that an issuer opened: asked while it is there, tells later where signing out goes on, if anywhere. */
  leaveIssuer: LeaveIssuer
  audit: Pick<AuditTrail, 'record'>
}

const logoutBody = z
  .object({ thisDeviceOnly: z.boolean().optional(), allDevices: z.boolean().optional() })
  .nullish()
const logoutQuery = z.object({ thisDeviceOnly: z.enum(['true', 'false']).optional() })

/**
 * Ends sessions here, and says where the sign-out goes on: at the login service that vouched. Whoever came in by its word
 * is out in every browser, since it signs out everywhere too; `thisDeviceOnly` leaves the others. Apps and devices, which were
 * let in for themselves, stay, and so do passwords' sessions elsewhere: `allDevices` ends everything.
 */
export function signOutRoutes(app: HttpServer, { settings, sessions, leaveIssuer, audit }: Ports): void {
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
      const whereNext = await afterwards(request, caller)
      if (request.body?.allDevices) await sessions.revokeAll({ userId: caller.user.id })
      else await endSessions(caller, onlyHere)
      const { id: userId, email } = caller.user
      const all = request.body?.allDevices || (cameByHeader(caller) && !onlyHere)
      const details = { devices: all ? 'all' : 'this one' }
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
      return reply.status(200).send({ successful: true, redirectUri: await whereNext() })
    },
  )

  async function endSessions(caller: Caller, onlyHere: boolean): Promise<void> {
    const userId = caller.user.id
    if (cameByHeader(caller) && !onlyHere) await sessions.revokeAll({ userId, method: 'trusted-header' })
    else if (caller.by === 'session') await sessions.revoke({ userId, sessionId: caller.sessionId })
  }

  async function afterwards(request: FastifyRequest, caller: Caller): Promise<() => Promise<string>> {
    if (cameByHeader(caller)) return async () => whereSignOutGoes(request, await settings.current())
    if (caller.by !== 'session' || caller.method !== 'oauth') return async () => loginPage
    const leave = await leaveIssuer(request, caller.sessionId)
    return async () => (await leave()) ?? loginPage
  }
}

/** Does nothing by itself. */
const loginPage = '/auth/login?autoLaunch=0'

const methodOf = (caller: Caller): string => (caller.by === 'session' ? caller.method : caller.by)

const cameByHeader = (caller: Caller): boolean => methodOf(caller) === 'trusted-header'
