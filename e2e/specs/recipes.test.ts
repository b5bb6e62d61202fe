import { beforeAll, describe, expect, test } from 'vitest'
import { startApache } from '../stacks/apache.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { admin, crookedHeaders } from '../stacks/crooked-headers.ts'
import { startEcho } from '../stacks/echo.ts'
import type { Arrived } from '../stacks/echo.ts'
import { freePort } from '../stacks/free-port.ts'
import { startHaproxy } from '../stacks/haproxy.ts'
import { startNginx } from '../stacks/nginx.ts'
import { ask } from '../stacks/peers.ts'
import type { RawRequest } from '../stacks/peers.ts'
import { lemonldap, oidcProvider } from '../stacks/portals.ts'
import type { PortalKind } from '../stacks/portals.ts'
import { openStage } from '../stacks/stage.ts'
import type { StartProxy } from '../stacks/street.ts'

const spoofs = [
  ...crookedHeaders,
  {
    title: 'the name of the admin',
    headers: ['Remote-User: admin', `Remote-Email: ${admin}`, 'Remote-Groups: admin'],
  },
  { title: 'the name in capitals', headers: [`REMOTE-EMAIL: ${admin}`] },
]

/** Requests that skip the portal, or that it lets pass without a name. */
const nameless = [
  { path: '/api/users/me', headers: ['x-api-key: some-key'] },
  { path: '/api/users/me', headers: ['x-immich-user-token: some-token'] },
  { path: '/api/users/me', headers: ['Authorization: bearer some-token'] },
  { path: '/api/assets/1/thumbnail?size=preview&key=some-link', headers: [] },
  { path: '/share/some-link', headers: [] },
  { path: '/api/server/ping', headers: [] },
  { path: '/.well-known/immich', headers: [] },
  // What an app asks before anybody has signed in, and with what it comes back from the browser.
  { path: '/api/server/version', headers: [] },
  { path: '/api/server/features', headers: [] },
  { path: '/api/server/config', headers: [] },
  { path: '/api/public/config', headers: [] },
  { path: '/api/oauth/authorize', headers: [] },
  { path: '/api/oauth/callback', headers: [] },
  { path: '/photos?unprotected=1', headers: [] },
]

describe('the Caddy recipe', () => {
  aRecipe(startCaddy)
})
describe('the nginx recipe', () => {
  aRecipe(startNginx)
})
describe('the HAProxy recipe', () => {
  aRecipe(startHaproxy)
})
describe('the Apache recipe', () => {
  aRecipe(startApache, oidcProvider)
})

/** What reaches the app behind the recipe, whatever the app would make of it. */
function aRecipe(startProxy: StartProxy, portalKind: PortalKind = lemonldap): void {
  const ways = nameless.filter(
    ({ path }) => portalKind.unprotected !== undefined || !path.includes('unprotected'),
  )
  const stage = openStage()
  let gran: string
  let firstBytes: Promise<void>
  let send: (request: Omit<RawRequest, 'to'>) => ReturnType<typeof ask>

  beforeAll(async () => {
    const names = {
      domain: 'photos.test',
      app: 'app.photos.test',
      auth: 'auth.photos.test',
      port: await freePort(),
    }
    const [portal, echo] = [await portalKind.start(stage, names), await startEcho(stage)]
    await startProxy(stage, { names, portal, porchlight: echo })
    send = (request) => ask({ to: { port: names.port, tls: names.app }, ...request })
    gran = await portalKind.cookie(names, 'gran')
    firstBytes = echo.firstBytes
  })

  test.each(spoofs)('a nameless request with $title arrives without any name', async ({ headers }) => {
    const answers = await Promise.all(
      ways.map((way) => send({ path: way.path, headers: [...headers, ...way.headers] })),
    )
    expect(answers.map(({ status }) => status)).toEqual(ways.map(() => 200))
    expect(answers.map(identityOf)).toEqual(ways.map(() => []))
  })

  test.each(spoofs)("gran's request with $title arrives with her name alone", async ({ headers }) => {
    const names = identityOf(await send({ path: '/photos', headers: [gran, ...headers] }))
    expect(names).toContainEqual(['remote-email', 'gran@home.example'])
    expect(names.map(([name]) => name).filter((name) => !portalNames.includes(name))).toEqual([])
    expect(names.filter(([, value]) => !/^(gran|gran@home\.example|)$/i.test(value))).toEqual([])
  })

  test.each([
    '/photos',
    '/api/users/me',
    '/api/server/pingpong',
    '/api/server/about',
    '/api/config',
    '/api/oauth/link',
    '/api/oauth/callback/x',
    '/api/device-sign-in/grant',
    '/auth/device',
    '/shared',
    '/.well-known/immich-not',
    '/api/users/me?nokey=1',
  ])('%s is not reached without the portal', async (path) => {
    const { status } = await send({
      path,
      headers: [`Remote-Email: ${admin}`, 'Authorization: Basic c29tZTpvbmU='],
    })
    expect([302, 401]).toContain(status)
  })

  test("naming the header in Connection never makes gran's request someone else's", async () => {
    const headers = [gran, 'Connection: close, Remote-Email', `Remote-Email: ${admin}`]
    const answer = await send({ path: '/photos', headers })
    const names = answer.status === 400 ? [] : identityOf(answer)
    expect(names.filter(([, value]) => !/^(gran|gran@home\.example|)$/i.test(value))).toEqual([])
  })

  test('the app learns the real client and scheme, not what the client says of them', async () => {
    const headers = [
      gran,
      'X-Forwarded-For: 10.9.9.9',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: evil.example',
    ]
    const arrived = arrivedIn(await send({ path: '/photos', from: '127.0.0.5', headers }))
    expect(valuesOf(arrived, 'x-forwarded-for')).toEqual(['127.0.0.5'])
    expect(valuesOf(arrived, 'x-forwarded-proto')).toEqual(['https'])
    expect(valuesOf(arrived, 'x-forwarded-host').join()).toMatch(/^app\.photos\.test(:\d+)?$/)
  })

  test('an upload of 40 MB arrives whole, and its first half before the second has been sent', async () => {
    const half = 'x'.repeat(20_000_000)
    const headers = [gran, `Content-Length: ${2 * half.length}`]
    const rest = async () => {
      await firstBytes
      return half
    }
    const answer = await send({ method: 'POST', path: '/api/assets', headers, body: half, rest })
    expect(arrivedIn(answer).bytes).toBe(2 * half.length)
  })

  test('websockets pass, with the name', async () => {
    const handshake = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', ...handshake]
    const headers = [gran, ...upgrade, `Remote-Email: ${admin}`]
    const answer = await send({ path: '/api/socket.io/?transport=websocket', headers })
    expect(answer.status).toBe(101)
    expect(identityOf(answer)).toContainEqual(['remote-email', 'gran@home.example'])
  })
}

describe.each([
  { name: 'Caddy', start: startCaddy },
  { name: 'nginx', start: startNginx },
  { name: 'HAProxy', start: startHaproxy },
  { name: 'Apache', start: startApache, portalKind: oidcProvider },
])('the $name recipe with its line for the shared secret turned on', ({ start, portalKind = lemonldap }) => {
  const stage = openStage()
  const secret = 'a-secret-of-the-proxy-and-porchlight'

  test('the secret arrives exactly once on every path, whatever a client sends in its place', async () => {
    const names = {
      domain: 'photos.test',
      app: 'app.photos.test',
      auth: 'auth.photos.test',
      port: await freePort(),
    }
    const [portal, echo] = [await portalKind.start(stage, names), await startEcho(stage)]
    await start(stage, { names, portal, porchlight: echo, secret })
    const to = { port: names.port, tls: names.app }
    const crooked = [
      'Porchlight-Secret: of-a-client',
      'PORCHLIGHT-SECRET: again',
      'Porchlight_Secret: another',
    ]
    const gran = await portalKind.cookie(names, 'gran')
    const answers = [
      await ask({ to, path: '/photos', headers: [gran, ...crooked] }),
      await ask({ to, path: '/share/some-link', headers: crooked }),
      await ask({ to, path: '/api/users/me', headers: ['x-api-key: some-key'] }),
    ]
    const secrets = answers.map((answer) =>
      arrivedIn(answer)
        .headers.filter(([name]) => /^porchlight.?secret/i.test(name))
        .map(([, value]) => value),
    )
    expect(secrets).toEqual([[secret], [secret], [secret]])
  })
})

const portalNames = ['remote-user', 'remote-email', 'remote-name', 'remote-groups']

const arrivedIn = ({ body }: { body: string }) => JSON.parse(body) as Arrived

const valuesOf = ({ headers }: Arrived, wanted: string) =>
  headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)

/** All that looks like a name. LemonLDAP::NG 2.16 sends each header twice, which Caddy joins: `a,a` is a here. */
function identityOf(answer: { body: string }): [name: string, value: string][] {
  return arrivedIn(answer)
    .headers.filter(([name]) => /^remote[^a-z0-9]/i.test(name))
    .map(([name, value]) => [name.toLowerCase(), value.replace(/^(.*),\1$/, '$1')])
}
