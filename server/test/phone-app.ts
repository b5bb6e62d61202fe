import { createHash, randomBytes } from 'node:crypto'
import type { Answer } from './http-call.ts'
import { peers, type TestServer } from './start-server.ts'

/** Where Immich's app waits for the answer. */
export const appAddress = 'app.immich:///oauth-callback'

export const newSecrets = () => {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  return { state: randomBytes(16).toString('base64url'), codeVerifier, codeChallenge }
}

/** What Immich's app on a phone does, call by call (its mobile/lib/services/oauth.service.dart, read for the order alone). */
export function phoneApp(server: TestServer, secrets = newSecrets()) {
  const { state, codeVerifier, codeChallenge } = secrets
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    server.call({ method: 'POST', path, body, headers })
  // The proxy lets these two through without asking anybody.
  const userAgent = { 'user-agent': 'immich-android/3.2.2' }

  return {
    ...secrets,
    authorize: (redirectUri = appAddress) =>
      post('/api/oauth/authorize', { redirectUri, state, codeChallenge }, userAgent),

    /** The phone's browser, to which the proxy adds these headers, and the person says yes. */
    saysYes: (headers: Record<string, string>, redirectUri = appAddress) =>
      post('/api/device-sign-in/grant', { redirectUri, state, codeChallenge }, headers),

    callback: (url: string, other: Record<string, unknown> = {}) =>
      post('/api/oauth/callback', { url, state, codeVerifier, ...other }, userAgent),

    /** As the app does from then on, past the proxy's login. */
    uses: (token: string, path = '/api/users/me') =>
      server.call({ path, headers: { 'x-immich-user-token': token }, from: peers.intruder }),
  }
}

export const urlIn = ({ body }: Answer): string => (body as { url: string }).url
export const tokenIn = ({ body }: Answer): string => (body as { accessToken: string }).accessToken
