import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import type { SettingsInForce } from '../config/settings.ts'
import type { SystemConfig } from '../config/system-config.ts'
import {
  OauthProblem,
  reasonOf,
  redirectAddress,
  returnAddress,
  type IssuerWord,
  type OauthPeople,
  type OpenidSessions,
  type OpenidSignIn,
  type PersonProblem,
} from '../openid-connect/openid-connect.ts'
import { hostOf } from '../platform/host-of.ts'
import { badRequest, Problem } from '../platform/problem.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { cameByHttps, peerOf } from './arrival.ts'
import { sendIdentity } from './identity-value.ts'
import { clearOauthCookies, keepOauthCookies, oauthCookies } from './oauth-cookies.ts'
import type { callbackBody, OauthCall, OauthFlow } from './oauth-flow.ts'
import type { StartSession } from './person-sessions.ts'
import { toLoginResponse } from './sign-in-wire.ts'

type Ports = {
  signIn: OpenidSignIn
  personFor: OauthPeople
  openidSessions: OpenidSessions
  sessions: Sessions
  startSession: StartSession
  audit: Pick<AuditTrail, 'record'>
}

export type OpenidFlow = OauthFlow & {
  /** The issuer's word on whoever came back to this browser. @throws {Problem} for what does not hold */
  wordOn(call: OauthCall<z.infer<typeof callbackBody>>): Promise<IssuerWord>
}

/** Signing in at the issuer of the settings. */
export function createOpenidFlow(ports: Ports): OpenidFlow {
  const { signIn, personFor, openidSessions, sessions, startSession, audit } = ports

  return {
    isOn: ({ config }) => config.oauth.enabled,

    async authorize({ request, reply, inForce, body }) {
      const { oauth: settings } = inForce.config
      const redirectUri = redirectAddress(body.redirectUri, rulesFor(request, inForce))
      if (redirectUri === undefined)
        throw badRequest('The redirectUri is no address of this server or of its app')
      const { state, codeChallenge } = body
      const begun = await signIn
        .begin({ settings, redirectUri, state, codeChallenge })
        .catch((error: unknown) => refuse(request, error))
      // An app that brought its own keeps them itself.
      const { codeVerifier } = begun
      if (codeVerifier !== undefined)
        keepOauthCookies(reply, {
          state: begun.state,
          codeVerifier,
          secure: cameByHttps(request, inForce.policy),
        })
      return { url: begun.url }
    },

    async callback(call) {
      const { request, reply, inForce } = call
      const word = await wordOn(call)
      const peer = peerOf(request)
      const { oauth: settings, trustedHeader } = inForce.config
      const { linkExisting } = trustedHeader
      const { onProbation } = inForce
      const person = await personFor({ word, settings, linkExisting, peer, onProbation })
      if ('refused' in person) {
        const { email } = word.profile
        audit.record({ kind: 'sign_in_refused', code: person.refused, method: 'oauth', email, peer })
        throw badRequest(sentences[person.refused] ?? 'OAuth authentication failed')
      }
      const token = await startSession({ request, reply }, person.user, 'oauth')
      await keepSession(token, word)
      sendIdentity(reply, person.user)
      return toLoginResponse(person.user, token)
    },

    wordOn,
  }

  async function wordOn({ request, reply, inForce, body }: OauthCall<z.infer<typeof callbackBody>>) {
    const kept = oauthCookies(request)
    // They count once, whatever comes of it.
    clearOauthCookies(reply)
    const state = body.state ?? kept.state
    const codeVerifier = body.codeVerifier ?? kept.codeVerifier
    if (state === undefined || codeVerifier === undefined) {
      audit.record({
        kind: 'sign_in_refused',
        code: 'not_begun_here',
        method: 'oauth',
        peer: peerOf(request),
      })
      throw badRequest(`OAuth ${state === undefined ? 'state' : 'code verifier'} is missing`)
    }
    const came = returnAddress(body.url, rulesFor(request, inForce))
    if (came === undefined) throw badRequest('The url is no address of this server or of its app')
    return signIn
      .finish({ settings: inForce.config.oauth, came, state, codeVerifier })
      .catch((error: unknown) => refuse(request, error))
  }

  async function keepSession(token: string, { issuer, subject, sid, idToken }: IssuerWord): Promise<void> {
    const found = await sessions.byToken(token)
    if (!found) return
    const { id: sessionId } = found.session
    await openidSessions.keep({ sessionId, issuer, subject, sid: sid ?? null, idToken: idToken ?? null })
  }

  /** The client learns no more than Immich's clients would; the reason is for the admin. */
  function refuse(request: FastifyRequest, error: unknown): never {
    if (!(error instanceof OauthProblem)) throw error
    const { code } = error
    audit.record({ kind: 'sign_in_refused', code, method: 'oauth', peer: peerOf(request) })
    request.log.warn({ code, reason: reasonOf(error.cause) }, 'a sign-in by OpenID Connect came to nothing')
    if (code === 'issuer_unreachable') throw new Problem(503, 'The login service does not answer', { code })
    throw new Problem(500, 'Failed to finish oauth')
  }
}

/** Immich's words, where it has some. */
const sentences: Partial<Record<PersonProblem, string>> = {
  no_email: 'OAuth profile does not have an email address',
  email_unverified: 'The login service has not verified this e-mail address',
  no_admin_yet: 'The first registered account must the administrator.',
}

/** Where a browser may come back: to the hosts that the settings name, else to the one at which it is. */
function rulesFor({ headers }: FastifyRequest, { config }: SettingsInForce) {
  const { mobileOverrideEnabled, mobileRedirectUri } = config.oauth
  return { hosts: ownHosts(headers, config), mobileOverrideEnabled, mobileRedirectUri }
}

/** What a request says of its host counts only while nobody has said better: a program may write anything there. */
function ownHosts({ host = '' }: IncomingHttpHeaders, { server, trustedHeader }: SystemConfig): string[] {
  const named = hostOf(server.externalDomain)
  const known = [...(named === undefined ? [] : [named]), ...trustedHeader.allowedHosts]
  return known.length > 0 ? known : [host.toLowerCase()]
}
