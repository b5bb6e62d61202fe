import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createSigner } from './signed-tokens.ts'

type Claims = Record<string, unknown>
type Grant = { redirectUri: string; nonce: string | null; challenge: string | null; claims: Claims }

/** What an issuer may get wrong, or somebody on the way. */
type Manners = {
  acceptsCodesTwice?: boolean
  /** Claims laid over those of the ID token. */
  idToken?: Claims
  /** Signs with the key of somebody else. */
  foreignKey?: boolean
  /** Does not answer the path, and keeps the connection. */
  silentOn?: string
  withoutPkce?: boolean
}

export const issuerClient = { clientId: 'porchlight', clientSecret: 'only-for-tests-only-for-tests-32' }

/** An issuer of OpenID Connect on this machine, whose login page is a function. Signs by ES256. */
export async function startIssuer(manners: Manners = {}) {
  const signer = createSigner()
  const stranger = createSigner()
  const grants = new Map<string, Grant>()
  const people = new Map<string, Claims>()
  const answers: Record<string, (asked: URLSearchParams, headers: IncomingMessage['headers']) => unknown> = {
    '/.well-known/openid-configuration': describe,
    '/jwks': () => JSON.parse(readFileSync(signer.keysFile, 'utf8')) as unknown,
    '/token': redeem,
    '/me': (_asked, { authorization = '' }) => people.get(authorization.replace('Bearer ', '')),
  }
  const server = createServer((asked, answer) => void respond(asked, answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  async function respond(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = asked.url ?? ''
    if (path === manners.silentOn) return
    let body = ''
    for await (const part of asked) body += String(part)
    const said = answers[path]?.(new URLSearchParams(body), asked.headers)
    answer.writeHead(said === undefined ? 400 : 200, { 'content-type': 'application/json' })
    answer.end(JSON.stringify(said ?? { error: 'invalid_grant' }))
  }

  function describe() {
    return {
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/me`,
      jwks_uri: `${url}/jwks`,
      end_session_endpoint: `${url}/end`,
      response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true,
      ...(!manners.withoutPkce && { code_challenge_methods_supported: ['S256'] }),
    }
  }

  function redeem(asked: URLSearchParams): unknown {
    const code = asked.get('code') ?? ''
    const grant = grants.get(code)
    if (asked.get('client_secret') !== issuerClient.clientSecret || !grant) return undefined
    if (!manners.acceptsCodesTwice) grants.delete(code)
    if (asked.get('redirect_uri') !== grant.redirectUri) return undefined
    const verifier = asked.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (grant.challenge !== null && grant.challenge !== challenge) return undefined
    const { sub, sid, ...others } = grant.claims
    const accessToken = randomUUID()
    people.set(accessToken, { sub, ...others })
    const nonce = grant.nonce ?? undefined
    const id = { iss: url, aud: issuerClient.clientId, sub, sid, nonce, ...manners.idToken }
    const key = manners.foreignKey ? stranger : signer
    return { access_token: accessToken, token_type: 'Bearer', expires_in: 60, id_token: key.sign(id) }
  }

  return {
    url,
    /** Changes what the issuer gets wrong. */
    manners,
    /** Signs somebody in on the issuer's page. @returns the address to which the browser comes back */
    login(authorizeUrl: string, claims: Claims): URL {
      const asked = new URL(authorizeUrl).searchParams
      const code = randomUUID()
      const redirectUri = asked.get('redirect_uri') ?? ''
      const [nonce, challenge] = [asked.get('nonce'), asked.get('code_challenge')]
      grants.set(code, { redirectUri, nonce, challenge, claims })
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: url }).toString()
      return back
    },
    /** An order to sign somebody out. */
    logoutToken: (claims: Claims) =>
      signer.sign(
        {
          iss: url,
          aud: issuerClient.clientId,
          jti: randomUUID(),
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          ...claims,
        },
        { typ: 'logout+jwt' },
      ),
  }
}

export type TestIssuer = Awaited<ReturnType<typeof startIssuer>>
