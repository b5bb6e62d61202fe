import { createHash, randomBytes } from 'node:crypto'
import { ask, type RawAnswer } from './peers.ts'
import type { Street } from './street.ts'

/** Where Immich's app waits for its browser. */
export const appAddress = 'app.immich:///oauth-callback'

/**
 * Immich's app on a phone, call by call as it makes them, through the proxy and with no cookie: it asks the server what
 * there is, begins to sign in, and comes back from the phone's browser with a code.
 */
export function phoneOn({ names }: Street) {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const state = randomBytes(16).toString('base64url')
  const to = { port: names.port, tls: names.app }
  const userAgent = 'User-Agent: immich-android/3.2.2'

  const get = (path: string, headers: readonly string[] = []): Promise<RawAnswer> =>
    ask({ to, path, headers: [userAgent, ...headers] })
  const post = (path: string, body: unknown): Promise<RawAnswer> =>
    ask({
      to,
      method: 'POST',
      path,
      headers: [userAgent, 'Content-Type: application/json'],
      body: JSON.stringify(body),
    })

  return {
    /** What it wants to know of a server before anybody signs in. */
    async looks(): Promise<Record<string, unknown>> {
      const answers = await Promise.all(
        ['/.well-known/immich', '/api/server/ping', '/api/server/version'].map((path) => get(path)),
      )
      const features = await get('/api/server/features')
      const config = await get('/api/server/config')
      return {
        statuses: answers.map(({ status }) => status),
        features: JSON.parse(features.body) as unknown,
        config: JSON.parse(config.body) as unknown,
      }
    },

    begin: () => post('/api/oauth/authorize', { redirectUri: appAddress, state, codeChallenge }),

    /** Another app may have taken the address on its way: it does not know the verifier. */
    comesBack: (url: string, verifier = codeVerifier) =>
      post('/api/oauth/callback', { url, state, codeVerifier: verifier }),

    uses: (token: string, path: string) => get(path, [`x-immich-user-token: ${token}`]),
  }
}
