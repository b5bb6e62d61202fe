import type { FastifyRequest } from 'fastify'
import type { Report } from '../audit/audit.ts'
import type { SettingsInForce } from '../config/settings.ts'
import {
  appAddressOf,
  challengeOf,
  newVerifier,
  readCameBack,
  withQuery,
  type AppAddress,
  type DeviceCodes,
} from '../device-sign-in/device-sign-in.ts'
import { newSecret, type Clock } from '../platform/clock.ts'
import { badRequest, type Problem } from '../platform/problem.ts'
import type { User, Users } from '../users/users.ts'
import { cameByHttps } from './arrival.ts'
import { clearOauthCookies, keepOauthCookies, oauthCookies } from './oauth-cookies.ts'
import type { OauthCall, OauthFlow } from './oauth-flow.ts'
import type { StartSession } from './person-sessions.ts'
import { ownOrigin } from './sign-out-target.ts'
import { toLoginResponse } from './sign-in-wire.ts'

type Ports = {
  codes: DeviceCodes
  users: Pick<Users, 'byId'>
  clock: Clock
  report: Report
  startSession: StartSession
}

export type DeviceAsk = { redirectUri: string; state: string; codeChallenge: string }

export type DeviceFlow = OauthFlow & {
  /** The person whom the proxy vouches for says yes. @returns where her browser goes, with the code */
  grant(call: Pick<OauthCall<DeviceAsk>, 'request' | 'inForce' | 'body'>, user: User): Promise<string>
}

/** The page that asks the person. */
const askingPage = '/auth/device'

/**
 * The phone app without a login page: the app opens a page of ours in the phone's browser, the proxy says who is there,
 * the person says yes, and the app gets a one-time code for a session of its own. An authorization code grant with PKCE
 * (RFC 6749, 4.1; RFC 7636; RFC 8252) in which we are the authorization server. Nothing is kept until the yes, so that a
 * flood of questions fills nothing.
 */
export function createDeviceFlow({ codes, users, clock, report, startSession }: Ports): DeviceFlow {
  return {
    isOn: ({ config }) => config.trustedHeader.enabled && !config.oauth.enabled,

    async authorize({ request, reply, inForce, body }) {
      const { redirectUri, state = newSecret() } = body
      addressFor(redirectUri, { request, inForce })
      const codeVerifier = newVerifier()
      const code_challenge = body.codeChallenge ?? challengeOf(codeVerifier)
      // An app keeps its verifier to itself; of a browser we keep it, in the browser.
      const secure = cameByHttps(request, inForce.policy)
      if (body.codeChallenge === undefined) keepOauthCookies(reply, { state, codeVerifier, secure })
      const page = ownOrigin(request, inForce) + askingPage
      return { url: withQuery(page, { redirect_uri: redirectUri, state, code_challenge }) }
    },

    async grant({ request, inForce, body }, user) {
      const { address } = addressFor(body.redirectUri, { request, inForce })
      const { codeChallenge, state } = body
      const code = await codes.add({
        userId: user.id,
        redirectUri: address,
        codeChallenge,
        vouchedAt: clock.now(),
      })
      return withQuery(address, { code, state })
    },

    async callback({ request, reply, inForce, body }) {
      const { state, codeVerifier } = broughtBack(request, body)
      clearOauthCookies(reply)
      const came = { ...readCameBack(body.url), expected: state, codeVerifier }
      const { user, isOwnPage } = await redeem(came, { request, inForce })
      // A browser stays behind the proxy, and its session goes on to depend on it; an app cannot.
      const method = isOwnPage ? 'trusted-header' : 'device'
      const token = await startSession({ request, reply }, user, method)
      return toLoginResponse(user, token)
    },
  }

  async function redeem(came: CameBack, at: { request: FastifyRequest; inForce: SettingsInForce }) {
    const taken = await codes.take(came.code)
    const refuse = (code: string) => refused(at.request, code, taken?.grant.userId)
    if (!taken) throw refuse('code_unknown')
    const { grant, isOver } = taken
    if (isOver) throw refuse('code_over')
    const { address, isOwnPage } = addressFor(came.address, at)
    if (address !== grant.redirectUri) throw refuse('wrong_redirect')
    if (came.state !== came.expected) throw refuse('wrong_state')
    if (challengeOf(came.codeVerifier) !== grant.codeChallenge) throw refuse('wrong_verifier')
    const user = await users.byId(grant.userId)
    if (!user || user.deletedAt !== null) throw refuse('account_deleted')
    return { user, isOwnPage }
  }

  function addressFor(
    wanted: string,
    { request, inForce }: { request: FastifyRequest; inForce: SettingsInForce },
  ): AppAddress {
    const origin = ownOrigin(request, inForce)
    const found = appAddressOf(wanted, { origin, oauth: inForce.config.oauth })
    if (found) return found
    refused(request, 'wrong_redirect')
    throw badRequest('The redirect address is not one of Immich’s app or of this server')
  }

  /** What exactly was wrong is nobody's to know who tries; the audit says it. */
  function refused(request: FastifyRequest, code: string, userId?: string): Problem {
    report(request, { kind: 'sign_in_refused', code, method: 'device', userId })
    return badRequest('OAuth authentication failed')
  }
}

type CameBack = ReturnType<typeof readCameBack> & { expected: string; codeVerifier: string }

/** In the words that Immich's clients know. */
function broughtBack(
  request: FastifyRequest,
  body: { state?: string | undefined; codeVerifier?: string | undefined },
): { state: string; codeVerifier: string } {
  const kept = oauthCookies(request)
  const state = body.state ?? kept.state
  if (state === undefined) throw badRequest('OAuth state is missing')
  const codeVerifier = body.codeVerifier ?? kept.codeVerifier
  if (codeVerifier === undefined) throw badRequest('OAuth code verifier is missing')
  return { state, codeVerifier }
}
