import type { FastifyReply, FastifyRequest } from 'fastify'
import { grants } from '../api-keys/api-keys.ts'
import type { GuardedAccess } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { forbidden, unauthenticated } from '../platform/problem.ts'
import type { Caller } from '../users/caller.ts'
import type { Visit } from '../users/visit.ts'
import { forgetPersonBefore, sendIdentity, speaksForAnother } from './identity-value.ts'
import type { StartSession } from './person-sessions.ts'
import { clearSignInCookies } from './sign-in-cookies.ts'
import type { Asking, WhoIsAsking } from './who-is-asking.ts'

type Ports = { whoIsAsking: WhoIsAsking; startSession: StartSession }

/**
 * Stands before every route that is not public: finds the caller, or answers 401 or 403. It runs before a body is read,
 * so a stranger's upload ends at once.
 */
export function guardRoutes(app: HttpServer, { whoIsAsking, startSession }: Ports): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('visit', null)
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access
    if (!access || access.class === 'public') return
    reply.header('Cache-Control', 'private, no-store')
    if (!('permission' in access)) return
    const asking = await whoIsAsking(request)
    if ('visit' in asking) {
      // Whoever is signed in beside the link is not told of: the answer is the same for everybody.
      if (access.class !== 'share') throw forbidden()
      request.visit = asking.visit
      return
    }
    request.caller = await callerFor(asking, { request, reply })
    sendIdentity(reply, request.caller.user)
    authorise(request.caller, access)
  })

  async function callerFor(
    asking: Exclude<Asking, { visit: Visit }>,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<Caller> {
    if ('caller' in asking) {
      if (asking.staleCookie) clearPerson(reply)
      if (!speaksForAnother(request, asking.caller.user)) return asking.caller
      sendIdentity(reply, asking.caller.user)
      throw identityChanged()
    }
    if ('switchTo' in asking) {
      // The page still shows the person before: it must start anew, and nothing is done for it now.
      await startSession({ request, reply }, asking.switchTo, 'trusted-header')
      sendIdentity(reply, asking.switchTo)
      forgetPersonBefore(reply)
      throw identityChanged()
    }
    if (asking.clearCookies) clearPerson(reply)
    sendIdentity(reply, undefined)
    throw asking.refused
  }
}

function clearPerson(reply: FastifyReply): void {
  clearSignInCookies(reply)
  forgetPersonBefore(reply)
}

const identityChanged = () => unauthenticated('Somebody else is signed in now', 'identity_changed')

function authorise(caller: Caller, access: GuardedAccess): void {
  if (access.class === 'admin' && !caller.user.isAdmin) throw forbidden()
  if (caller.by === 'api-key' && !grants(caller.permissions, access.permission)) {
    throw forbidden(`Missing required permission: ${access.permission ?? 'all'}`)
  }
}
