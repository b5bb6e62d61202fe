import type { FastifyRequest } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { callerOf, type Caller } from '../users/caller.ts'
import { cameByHttps } from './arrival.ts'
import { clearSignInCookies } from './sign-in-cookies.ts'
import { logoutResponse } from './sign-in-wire.ts'

const signedOutPage = '/auth/signed-out'

/** Ends this device's session here, and says where the sign-out goes on: at the login service that vouched. */
export function signOutRoutes(
  app: HttpServer,
  { settings, sessions }: { settings: Settings; sessions: Sessions },
): void {
  app.post(
    '/api/auth/logout',
    { config: { access: signedIn() }, schema: { tags: ['auth'], response: { 200: logoutResponse } } },
    async (request, reply) => {
      const caller = callerOf(request)
      if (caller.by === 'session')
        await sessions.revoke({ userId: caller.user.id, sessionId: caller.sessionId })
      clearSignInCookies(reply)
      reply.header('Clear-Site-Data', '"cache", "storage"')
      return reply.status(200).send({ successful: true, redirectUri: await whereNext(request, caller) })
    },
  )

  async function whereNext(request: FastifyRequest, caller: Caller): Promise<string> {
    const vouchedFor =
      caller.by === 'trusted-header' || (caller.by === 'session' && caller.method === 'trusted-header')
    if (!vouchedFor) return '/auth/login?autoLaunch=0'
    const { config, policy } = await settings.current()
    const template = config.trustedHeader.signOutUrl
    if (template === '') return signedOutPage
    const scheme = cameByHttps(request, policy) ? 'https' : 'http'
    const origin = config.server.externalDomain || `${scheme}://${request.headers.host ?? ''}`
    return template.replaceAll('{return}', encodeURIComponent(origin.replace(/\/$/, '') + signedOutPage))
  }
}
