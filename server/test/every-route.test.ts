import { expect, test } from 'vitest'
import type { Answer } from './http-call.ts'
import { people, type TestServer } from './start-server.ts'
import { auditOf, householdWith, opensPage } from './vouching.ts'

const gran = { 'remote-email': people.gran.email }

/** An address that the route answers, with ids that nobody has. */
const addressOf = (url: string) =>
  url.replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000').replace('*', 'x')

const routesOf = ({ app }: TestServer) => app.http.declaredRoutes.filter(({ method }) => method !== 'OPTIONS')

const call = (
  server: TestServer,
  { method, url }: { method: string; url: string },
  headers = {},
): Promise<Answer> => server.call({ method, path: addressOf(url), headers, body: {} })

test('no cache keeps what a route answers to one person, whoever asks and however it ends', async () => {
  await using server = await householdWith({})
  const routes = routesOf(server).filter(({ access }) => access && access.class !== 'public')
  expect(routes.length).toBeGreaterThan(60)
  // Signing out would end what the others need.
  for (const route of routes.filter(({ url }) => !url.endsWith('/logout'))) {
    for (const headers of [{}, gran, { 'remote-email': people.admin.email }]) {
      const answer = await call(server, route, headers)
      const kept = answer.headers['cache-control'] ?? ''
      expect([route.method, route.url, kept.startsWith('private')]).toEqual([route.method, route.url, true])
      expect([route.url, answer.headers['x-content-type-options']]).toEqual([route.url, 'nosniff'])
      expect([route.method, route.url, answer.status < 500]).toEqual([route.method, route.url, true])
    }
  }
})

test('public routes look at nobody: no cookie, no account, no line in the audit', async () => {
  await using server = await householdWith({})
  const before = await server.countEverything()
  const routes = routesOf(server).filter(({ access }) => access?.class === 'public')
  expect(routes.map(({ url }) => url)).toContain('/api/server/ping')
  for (const route of routes) {
    const answer = await call(server, route, { ...gran, cookie: 'immich_access_token=x' })
    expect([route.url, answer.headers['set-cookie']]).toEqual([route.url, undefined])
    expect([route.url, answer.headers['x-porchlight-identity']]).toEqual([route.url, undefined])
  }
  expect(await server.countEverything()).toEqual(before)
  expect((await auditOf(server)).filter(({ email }) => email === people.gran.email)).toEqual([])
})

test('OPTIONS asks for nobody on any route, and makes no account', async () => {
  await using server = await householdWith({})
  const before = await server.countEverything()
  const preflight = { ...gran, origin: 'https://evil.example', 'access-control-request-method': 'POST' }
  for (const url of [...new Set(routesOf(server).map((route) => route.url)), '/photos', '/']) {
    const answer = await server.call({
      method: 'OPTIONS',
      path: addressOf(url),
      headers: { ...preflight, accept: 'text/html' },
    })
    expect([url, answer.headers['set-cookie'], answer.headers['access-control-allow-origin']]).toEqual([
      url,
      undefined,
      undefined,
    ])
  }
  expect(await server.countEverything()).toEqual(before)
})

test('a page of another site changes nothing on any route, under whatever the browser sends along', async () => {
  await using server = await householdWith({})
  const password = await server.addPerson(people.anna)
  const cookies = [{ ...gran, cookie: await opensPage(server, gran) }, { cookie: password.cookie }, gran]
  const unsafe = routesOf(server).filter(
    ({ method, access }) => method !== 'GET' && access !== undefined && access.class !== 'public',
  )
  for (const route of unsafe) {
    for (const ambient of cookies) {
      for (const foreign of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
      ]) {
        const answer = await call(server, route, { ...ambient, ...foreign })
        const what = [route.method, route.url, Object.values(foreign)[0]]
        expect([...what, answer.status, answer.body]).toMatchObject([...what, 403, { code: 'cross_origin' }])
      }
    }
  }
})

test.each(['/', '/photos', '/share/abc', '/auth/signed-out', '/no/such/page'])(
  'the document %s is kept by nobody, framed by nobody, and tells nobody where it was',
  async (path) => {
    await using server = await householdWith({})
    const answer = await server.call({
      path,
      headers: { accept: 'text/html', 'sec-fetch-dest': 'document', ...gran },
    })
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringContaining(`frame-ancestors 'self'`),
    })
  },
)
