import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'
import { Provider } from 'oidc-provider'
import { freePort } from './free-port.ts'
import type { Portal, PublicNames } from './lemonldap.ts'
import { household, issuerManners, login, type AccountClaims } from './oidc-parts.ts'
import type { Stage } from './stage.ts'

export const oidcClient = { id: 'porchlight', secret: 'only-for-tests-only-for-tests-32' }
const discovery = '/.well-known/openid-configuration'

/**
 * Starts an OpenID Connect issuer (npm oidc-provider) as a household's portal behind its proxy: a login form of one page
 * (the password does not matter), sign-out without a question, and back-channel logout to the proxy.
 */
export async function startOidcProvider(
  stage: Stage,
  names: PublicNames,
  claimsOf: (account: string) => AccountClaims = household,
): Promise<Portal> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const provider = new Provider(issuerOf(names), configuration(names, claimsOf))
  // Its proxy speaks TLS for it.
  provider.proxy = true
  const answerByProvider = provider.callback()
  const server = createServer(async (asked, answer) => {
    if (asked.url === discovery) return answer.end(JSON.stringify(endpoints(issuerOf(names), address)))
    if (asked.url?.startsWith('/interaction/')) return interact(provider, asked, answer)
    return answerByProvider(asked, answer)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { address }
}

const issuerOf = ({ auth, port }: PublicNames) => `https://${auth}:${port}`

/** What browsers are sent to is behind the proxy; what the proxy asks by itself it asks here, without TLS. */
function endpoints(issuer: string, address: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    end_session_endpoint: `${issuer}/session/end`,
    token_endpoint: `http://${address}/token`,
    userinfo_endpoint: `http://${address}/me`,
    jwks_uri: `http://${address}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  }
}

function configuration(names: PublicNames, claimsOf: (account: string) => AccountClaims) {
  const site = `https://${names.app}:${names.port}`
  const scope = 'openid email profile'
  return {
    clients: [
      {
        client_id: oidcClient.id,
        client_secret: oidcClient.secret,
        redirect_uris: [`${site}/oidc/callback`],
        post_logout_redirect_uris: [signedOutUrl(names)],
        backchannel_logout_uri: `${site}/oidc/callback?logout=backchannel`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username', 'groups'],
    },
    conformIdTokenClaims: false,
    scopes: scope.split(' '),
    ...issuerManners(claimsOf),
    fetch: fetchOverTheProxy,
  }
}

/** A page of the portal that asks nothing and signs nobody in. */
export const signedOutUrl = (names: PublicNames): string => `${issuerOf(names)}/interaction/signed-out`

/** The form, and the page on which people land who have signed out. */
async function interact(provider: Provider, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  if (asked.url !== '/interaction/signed-out') return login(provider, asked, answer)
  answer.setHeader('Content-Type', 'text/html')
  answer.end('<!doctype html><title>Signed out</title>You are signed out.')
}

/** Back-channel calls go to the proxy by its public name, which is 127.0.0.1 whatever DNS says. */
async function fetchOverTheProxy(
  url: string,
  { method = 'GET', body = null, headers = {} }: RequestInit,
): Promise<Response> {
  const { hostname, port, pathname, search } = new URL(url)
  const asked = new Request(url, { method, body, headers })
  const text = await asked.text()
  return new Promise((resolve, reject) => {
    const call = requestTls({
      host: '127.0.0.1',
      port,
      servername: hostname,
      path: pathname + search,
      method,
      headers: { ...Object.fromEntries(asked.headers), host: `${hostname}:${port}` },
      rejectUnauthorized: false,
    })
    call.once('error', reject)
    call.once('response', (answer) => {
      answer.resume()
      answer.once('end', () => resolve(new Response(null, { status: answer.statusCode ?? 502 })))
    })
    call.end(text)
  })
}
