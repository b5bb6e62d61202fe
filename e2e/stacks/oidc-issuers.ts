import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Provider } from 'oidc-provider'
import type { Context } from 'oidc-provider'
import { freePort } from './free-port.ts'
import { startLemonldap } from './lemonldap.ts'
import type { Stage } from './stage.ts'

/** An issuer without a proxy, on this machine. Each password is the login name. */
export type Issuer = { settings: { issuerUrl: string; clientId: string; clientSecret: string } }
export type StartIssuer = (stage: Stage, app: string) => Promise<Issuer>

const client = { clientId: 'porchlight', clientSecret: 'only-for-tests-only-for-tests-32' }

/** LemonLDAP::NG as an issuer for the app at `app`, such as `http://127.0.0.1:2283`. */
export const lemonldapIssuer: StartIssuer = async (stage, app) => {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const more = {
    portal: `${url}/`,
    securedCookie: 0,
    issuerDBOpenIDConnectActivation: 1,
    issuerDBOpenIDConnectRule: 1,
    issuerDBOpenIDConnectPath: '^/oauth2/',
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcServiceMetaDataIssuer: url,
    oidcServicePrivateKeySig: privateKey,
    oidcServicePublicKeySig: publicKey,
    oidcServiceKeyIdSig: 'for-tests',
    oidcRPMetaDataOptions: {
      porchlight: {
        oidcRPMetaDataOptionsClientID: client.clientId,
        oidcRPMetaDataOptionsClientSecret: client.clientSecret,
        oidcRPMetaDataOptionsBypassConsent: 1,
        oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
        oidcRPMetaDataOptionsLogoutBypassConfirm: 1,
        oidcRPMetaDataOptionsUserIDAttr: 'uid',
        oidcRPMetaDataOptionsRedirectUris: `${app}/auth/login`,
        oidcRPMetaDataOptionsPostLogoutRedirectUris: `${app}/auth/signed-out`,
        oidcRPMetaDataOptionsLogoutType: 'back',
        oidcRPMetaDataOptionsLogoutUrl: `${app}/api/oauth/backchannel-logout`,
        oidcRPMetaDataOptionsLogoutSessionRequired: 1,
      },
    },
    oidcRPMetaDataExportedVars: { porchlight: { email: 'mail', name: 'cn', preferred_username: 'uid' } },
  }
  const names = { domain: 'localhost', app: 'app.localhost', auth: 'localhost', port }
  await startLemonldap(stage, names, { port, more })
  return { settings: { issuerUrl: url, ...client } }
}

/** npm oidc-provider, with a login form of one page and sign-out without a question. */
export const providerIssuer: StartIssuer = async (stage, app) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const provider = new Provider(url, configuration(app))
  const answerByProvider = provider.callback()
  const server = createServer((asked, answer) =>
    asked.url?.startsWith('/interaction/')
      ? void login(provider, asked, answer)
      : answerByProvider(asked, answer),
  )
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { settings: { issuerUrl: url, ...client } }
}

function configuration(app: string) {
  return {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: ['/auth/login', '/user-settings', '/api/oauth/mobile-redirect'].map(
          (page) => app + page,
        ),
        post_logout_redirect_uris: [`${app}/auth/signed-out`],
        backchannel_logout_uri: `${app}/api/oauth/backchannel-logout`,
        backchannel_logout_session_required: true,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    cookies: { keys: ['only-for-tests'] },
    ttl: { AccessToken: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: signOutWithoutQuestion },
    },
    // Without the agent that comes along, which refuses addresses of this machine.
    fetch: (address: string, { method = 'GET', headers = {}, body = null }: RequestInit) =>
      fetch(address, { method, headers, body }),
    interactions: { url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: Context, accountId: string) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        email: `${accountId}@home.example`,
        email_verified: true,
        name: accountId[0]?.toUpperCase() + accountId.slice(1),
        preferred_username: accountId,
      }),
    }),
    // No consent page: the household's own client.
    loadExistingGrant: async ({ oidc }: Context) => {
      const of = { clientId: oidc.client?.clientId, accountId: oidc.session?.accountId }
      const grant = new oidc.provider.Grant(of)
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
}

async function signOutWithoutQuestion(context: Context, form: string): Promise<void> {
  const submit = `const form = document.forms[0]
    form.insertAdjacentHTML('beforeend', '<input type=hidden name=logout value=yes>')
    form.submit()`
  context.body = `<!doctype html><title>Sign out</title>${form}<script>${submit}</script>`
}

async function login(provider: Provider, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  if (asked.method !== 'POST') {
    answer.setHeader('Content-Type', 'text/html')
    answer.end(`<!doctype html><title>Sign in</title><form method="post">
      <input name="user"><input name="password" type="password"><button type="submit">Sign in</button></form>`)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of asked) chunks.push(chunk as Buffer)
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get('user') ?? ''
  await provider.interactionFinished(asked, answer, { login: { accountId } })
}
