import { asCookieHeader, type Answer } from './http-call.ts'
import { changeSettings } from './settings-client.ts'
import { issuerClient, startIssuer, type TestIssuer } from './test-issuer.ts'
import { startServer, type TestServer } from './start-server.ts'

type Settings = Record<string, unknown>

/** A server with an admin, and an issuer that it trusts. */
export const setUpOauth = (changes: Settings = {}, manners: Parameters<typeof startIssuer>[0] = {}) =>
  oauthServer({ changes, manners })

type Plan = {
  changes?: Settings
  manners?: Parameters<typeof startIssuer>[0]
  logger?: NonNullable<Parameters<typeof startServer>[0]>['logger']
}

export async function oauthServer({ changes = {}, manners = {}, logger }: Plan) {
  const issuer = await startIssuer(manners)
  const server = await startServer(logger ? { logger } : {})
  const admin = await server.signUpAdmin()
  const oauth = {
    enabled: true,
    issuerUrl: issuer.url,
    ...issuerClient,
    signingAlgorithm: 'ES256',
    allowInsecureRequests: true,
    ...changes,
  }
  const saved = await changeSettings(server, admin.headers, { oauth })
  if (saved.status !== 200) throw new Error(saved.text)
  return { issuer, server, admin }
}

/** A browser that signs in by the issuer: it keeps cookies, and does what our page does. */
export function createBrowser({ call, port }: TestServer, issuer: TestIssuer) {
  let cookies: Record<string, string> = {}
  const page = `http://127.0.0.1:${port}/auth/login`

  const post = async (path: string, body: unknown): Promise<Answer> => {
    const headers = { cookie: asCookieHeader(cookies), 'sec-fetch-site': 'same-origin' }
    const answer = await call({ method: 'POST', path, body, headers })
    cookies = { ...cookies, ...answer.cookies }
    for (const [name, value] of Object.entries(cookies)) if (value === '') delete cookies[name]
    return answer
  }
  const begin = (redirectUri = page) => post('/api/oauth/authorize', { redirectUri })
  const finish = (url: URL | string) => post('/api/oauth/callback', { url: String(url) })
  const leave = async () => ((await begin()).body as { url: string }).url

  return {
    page,
    begin,
    finish,
    /** Leaves for the issuer. @returns its address with all that is asked */
    leave,
    post,
    signIn: async (claims: Record<string, unknown>) => finish(issuer.login(await leave(), claims)),
    cookies: () => cookies,
    /** Somebody put cookies into this browser. */
    plant: (more: Record<string, string>) => {
      cookies = { ...cookies, ...more }
    },
    me: () => call({ path: '/api/users/me', headers: { cookie: asCookieHeader(cookies) } }),
  }
}
