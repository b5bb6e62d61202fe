import { createHash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { UsedTokens } from '../sessions/sessions.ts'
import type { ClientFor, IssuerClient } from './issuer-client.ts'
import { OauthProblem, type BeginKept, type IssuerWord, type OauthSettings } from './openid-connect.ts'
import { readProfile } from './profile.ts'

type Ports = { clientFor: ClientFor; usedTokens: UsedTokens; clock: Clock }

export type Begin = {
  settings: OauthSettings
  redirectUri: string
  /** An app brings both along and keeps its verifier to itself; a browser has them made, and kept in cookies. */
  state?: string | undefined
  codeChallenge?: string | undefined
}

export type Finish = { settings: OauthSettings; came: URL } & BeginKept

/** Codes live for ten minutes at most (RFC 6749, section 4.1.2), so that an older one is refused by the issuer. */
const codeLifetime = 10 * 60 * 1000

/** The authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636) and `iss` (RFC 9207). */
export function createOpenidSignIn({ clientFor, usedTokens, clock }: Ports) {
  return {
    /** @returns where the browser goes, and what it keeps until it is back; a verifier only where it was made here */
    async begin(asked: Begin): Promise<{ url: string; state: string; codeVerifier: string | undefined }> {
      const { settings, redirectUri } = asked
      const { library, client } = await clientFor(settings)
      const state = asked.state ?? library.randomState()
      const codeVerifier = asked.codeChallenge === undefined ? library.randomPKCECodeVerifier() : undefined
      const challenge = asked.codeChallenge ?? challengeOf(codeVerifier ?? '')
      const url = library.buildAuthorizationUrl(client, {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state,
        nonce: nonceOf(state, challenge),
        ...(settings.prompt !== '' && { prompt: settings.prompt }),
        ...(client.serverMetadata().supportsPKCE() && {
          code_challenge: challenge,
          code_challenge_method: 'S256',
        }),
      })
      return { url: url.href, state, codeVerifier }
    },

    /** @throws {OauthProblem} */
    async finish(asked: Finish): Promise<IssuerWord> {
      const issuer = await clientFor(asked.settings)
      const tokens = await exchange(issuer, asked)
      const claims = tokens.claims()
      if (!claims) throw new OauthProblem('issuer_answer_wrong', new Error('There is no ID token'))
      await countOnce(claims.iss, asked.came)
      const said = await wholeWord(issuer, { accessToken: tokens.access_token, claims })
      return {
        issuer: claims.iss,
        subject: claims.sub,
        sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined,
        idToken: tokens.id_token,
        profile: readProfile(said, asked.settings),
      }
    },
  }

  /** The issuer should refuse a second use. Where it does not, we do. */
  async function countOnce(issuer: string, came: URL): Promise<void> {
    const code = createHash('sha256').update(came.searchParams.get('code') ?? '')
    const expiresAt = new Date(clock.now().getTime() + codeLifetime)
    const isNew = await usedTokens.use({ id: `code ${issuer} ${code.digest('hex')}`, expiresAt })
    if (!isNew) throw new OauthProblem('code_used')
  }
}

export type OpenidSignIn = ReturnType<typeof createOpenidSignIn>

async function exchange({ library, client }: IssuerClient, { came, state, codeVerifier }: Finish) {
  const checks = {
    expectedState: state,
    expectedNonce: nonceOf(state, challengeOf(codeVerifier)),
    ...(client.serverMetadata().supportsPKCE() && { pkceCodeVerifier: codeVerifier }),
  }
  try {
    return await library.authorizationCodeGrant(client, came, checks)
  } catch (error) {
    throw problemOf(error)
  }
}

/** What the ID token says; where it is silent on the address or on whether it was verified, what the issuer answers when asked about the person. */
async function wholeWord(
  { library, client }: IssuerClient,
  { accessToken, claims }: { accessToken: string; claims: { sub: string; [claim: string]: unknown } },
): Promise<Record<string, unknown>> {
  const isWhole = claims['email'] !== undefined && claims['email_verified'] !== undefined
  if (isWhole || client.serverMetadata().userinfo_endpoint === undefined) return claims
  try {
    return { ...claims, ...(await library.fetchUserInfo(client, accessToken, claims.sub)) }
  } catch (error) {
    throw problemOf(error)
  }
}

function problemOf(error: unknown): OauthProblem {
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  if (name === 'AuthorizationResponseError' || name === 'ResponseBodyError')
    return new OauthProblem('issuer_refused', error)
  const isNetwork = code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || message === 'fetch failed'
  return new OauthProblem(isNetwork ? 'issuer_unreachable' : 'issuer_answer_wrong', error)
}

/** RFC 7636, section 4.2. */
const challengeOf = (codeVerifier: string) => createHash('sha256').update(codeVerifier).digest('base64url')

/**
 * Follows from what the browser keeps, as Core section 15.5.2 suggests: so that a code which the issuer made for another
 * browser is good in none.
 */
const nonceOf = (state: string, challenge: string) =>
  createHash('sha256').update(`nonce ${state} ${challenge}`).digest('base64url')
