import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'
import { Provider } from 'oidc-provider'
import type { Context } from 'oidc-provider'
import { freePort } from './free-port.ts'
import type { Portal, PublicNames } from './lemonldap.ts'
import type { Stage } from './stage.ts'

export const oidcClient = { id: 'porchlight', secret: 'only-for-tests-only-for-tests-32' }
const discovery = '/.well-known/openid-configuration'

/** What the issuer says of an account; undefined claims are left out. */
export type AccountClaims = Record<string, unknown>

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
    if (asked.url?.startsWith('/interaction/')) return login(provider, asked, answer)
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

const household = (account: string): AccountClaims => ({
  email: `${account}@home.example`,
  email_verified: true,
  name: account[0]?.toUpperCase() + account.slice(1),
  preferred_username: account,
})

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
    cookies: { keys: ['only-for-tests'] },
    ttl: { AccessToken: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: signOutWithoutQuestion },
    },
    fetch: fetchOverTheProxy,
    interactions: { url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: Context, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...claimsOf(accountId) }),
    }),
    // No consent page: the household's own client.
    loadExistingGrant: async ({ oidc }: Context) => {
      const of = { clientId: oidc.client?.clientId, accountId: oidc.session?.accountId }
      const grant = new oidc.provider.Grant(of)
      grant.addOIDCScope(scope)
      await grant.save()
      return grant
    },
  }
}

/** A page of the portal that asks nothing and signs nobody in. */
export const signedOutUrl = (names: PublicNames): string => `${issuerOf(names)}/interaction/signed-out`

async function signOutWithoutQuestion(context: Context, form: string): Promise<void> {
  const submit = `const form = document.forms[0]
    form.insertAdjacentHTML('beforeend', '<input type=hidden name=logout value=yes>')
    form.submit()`
  context.body = `<!doctype html><title>Sign out</title>${form}<script>${submit}</script>`
}

/** The login form; as in other portals of the tests, its fields are `user` and `password`. */
async function login(provider: Provider, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  answer.setHeader('Content-Type', 'text/html')
  if (asked.url === '/interaction/signed-out') {
    answer.end('<!doctype html><title>Signed out</title>You are signed out.')
    return
  }
  if (asked.method !== 'POST') {
    answer.end(`<!doctype html><title>Sign in</title><form method="post">
      <input name="user"><input name="password" type="password"><button type="submit">Sign in</button></form>`)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of asked) chunks.push(chunk as Buffer)
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get('user') ?? ''
  await provider.interactionFinished(asked, answer, { login: { accountId } })
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
