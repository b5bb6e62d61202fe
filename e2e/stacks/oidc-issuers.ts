import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from './free-port.ts'
import { startLemonldap } from './lemonldap.ts'
import { household, issuerManners, login } from './oidc-parts.ts'
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
    ...issuerManners(household),
    // Without the agent that comes along, which refuses addresses of this machine.
    fetch: (address: string, { method = 'GET', headers = {}, body = null }: RequestInit) =>
      fetch(address, { method, headers, body }),
  }
}
