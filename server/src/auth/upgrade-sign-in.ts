import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'
import { grants } from '../api-keys/api-keys.ts'
import type { Settings } from '../config/settings.ts'
import { forbidden, unauthenticated, type Problem } from '../platform/problem.ts'
import type { Caller } from '../users/caller.ts'
import { explicitCredential } from './credentials.ts'
import { refuseForeignSite } from './same-origin.ts'
import type { RequestView } from './request-view.ts'
import type { WhoIsAsking } from './who-is-asking.ts'

type Ports = {
  settings: Settings
  whoIsAsking: WhoIsAsking
  parseCookie: FastifyInstance['parseCookie']
}

/** Whose socket it is: it ends with that session or key. */
type Admitted = { userId: string } & (
  | { by: 'session'; sessionId: string; method: 'password' | 'trusted-header' | 'oauth' | 'device' }
  | { by: 'api-key'; apiKeyId: string }
)

/**
 * Who may open a socket: the same chain as for every request, with three more rules. A page of another site may not, since
 * browsers let every page open a socket anywhere and send the cookies along. The proxy's word alone does not suffice,
 * for it would have to be given again and again; a session is needed. An API key needs every right.
 */
export function createUpgradeSignIn({ settings, whoIsAsking, parseCookie }: Ports) {
  return async function admit(
    upgrade: IncomingMessage,
  ): Promise<{ admitted: Admitted } | { refused: Problem }> {
    const request = viewOf(upgrade, parseCookie(upgrade.headers.cookie ?? ''))
    const foreign = explicitCredential(request) === undefined && (await refuseForeignPage(upgrade))
    if (foreign) return { refused: foreign }
    const asking = await whoIsAsking(request)
    if ('refused' in asking) return { refused: asking.refused }
    if ('visit' in asking) return { refused: forbidden() }
    if ('switchTo' in asking)
      return { refused: unauthenticated('Somebody else is signed in now', 'identity_changed') }
    return admitCaller(asking.caller)
  }

  /** By `Origin` alone, which every browser sends on this handshake (RFC 6455, 4.1); not all send `Sec-Fetch-Site` here. */
  async function refuseForeignPage({ headers }: IncomingMessage): Promise<Problem | undefined> {
    const { externalDomain } = (await settings.current()).config.server
    const { 'sec-fetch-site': _, ...others } = headers
    return refuseForeignSite(others, externalDomain)
  }
}

function admitCaller(caller: Caller): { admitted: Admitted } | { refused: Problem } {
  const userId = caller.user.id
  if (caller.by === 'session') {
    const { sessionId, method } = caller
    return { admitted: { by: 'session', userId, sessionId, method } }
  }
  if (caller.by === 'trusted-header')
    return { refused: unauthenticated('A socket needs a session', 'session_required') }
  if (grants(caller.permissions, undefined))
    return { admitted: { by: 'api-key', userId, apiKeyId: caller.apiKeyId } }
  return { refused: forbidden('Missing required permission: all') }
}

/** An upgrade comes past the framework: the parts of its request that the chain looks at. */
function viewOf(raw: IncomingMessage, cookies: RequestView['cookies']): RequestView {
  const { url = '', method = 'GET', headers } = raw
  const query = parse(url.split('?', 2)[1] ?? '')
  return { raw, url, method, headers, query, cookies }
}
