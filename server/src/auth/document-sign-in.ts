import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../users/caller.ts'
import type { User } from '../users/users.ts'
import { forgetPersonBefore } from './identity-value.ts'
import type { StartSession } from './person-sessions.ts'
import { clearSignInCookies } from './sign-in-cookies.ts'
import type { WhoIsAsking } from './who-is-asking.ts'

type Ports = { whoIsAsking: WhoIsAsking; startSession: StartSession }

/**
 * Signs a person in on the page itself: where the proxy vouches for somebody, the HTML answer carries her cookies, and
 * the first paint is hers. Never on a signed-out page, a shared link, a file of the client, or inside a frame.
 */
export function createDocumentSignIn({ whoIsAsking, startSession }: Ports) {
  return async function signInOnDocument(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!mayStartSession(request)) return
    const asking = await whoIsAsking(request)
    if ('visit' in asking) return
    if ('refused' in asking) {
      if (asking.clearCookies) {
        clearSignInCookies(reply)
        forgetPersonBefore(reply)
      }
      return
    }
    const user = 'switchTo' in asking ? asking.switchTo : headerAlone(asking.caller)
    if ('switchTo' in asking || asking.staleCookie) forgetPersonBefore(reply)
    if (user) await startSession({ request, reply }, user, 'trusted-header')
  }
}

const headerAlone = (caller: Caller): User | undefined =>
  caller.by === 'trusted-header' ? caller.user : undefined

/** Where proxies ask nobody who is there, their silence says nothing: a foreign page's link would sign people out. */
const withoutSignIn = /^\/(share|s|_app|\.well-known)\/|^\/auth\/signed-out(\/|$)/

function mayStartSession({ url, method, headers }: FastifyRequest): boolean {
  const [path = '', query = ''] = url.split('?', 2)
  if (method !== 'GET' || withoutSignIn.test(path)) return false
  if (new URLSearchParams(query).get('autoLaunch') === '0') return false
  const destination = headers['sec-fetch-dest']
  return destination === undefined || destination === 'document'
}
