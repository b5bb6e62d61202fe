import { expect, test } from 'vitest'
import { asCookieHeader, type Answer } from './http-call.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const [gran, anna] = [people.gran.email, people.anna.email]
const document = { accept: 'text/html', 'sec-fetch-dest': 'document' }
const all = '"cache", "storage"'

async function household(): Promise<TestServer> {
  const server = await startServer({ environment: { PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' } })
  await server.signUpAdmin()
  return server
}

const opensPage = (server: TestServer, email: string, cookie = ''): Promise<Answer> =>
  server.call({ path: '/photos', headers: { ...document, 'remote-email': email, cookie } })

/** What gran's page knows of her: the value that came with its answers. */
async function page(
  server: TestServer,
  email: string,
): Promise<{ cookie: string; 'x-porchlight-identity': string }> {
  const cookie = asCookieHeader((await opensPage(server, email)).cookies)
  const me = await server.call({ path: '/api/users/me', headers: { cookie, 'remote-email': email } })
  return { cookie, 'x-porchlight-identity': me.headers['x-porchlight-identity'] as string }
}

test('what gran’s open page wants is not done in anna’s name, though the cookies are anna’s by now', async () => {
  await using server = await household()
  const [grans, annas] = [await page(server, gran), await page(server, anna)]
  const make = { method: 'POST', path: '/api/api-keys', body: { permissions: ['all'] } }
  const headers = { ...grans, cookie: annas.cookie, 'remote-email': anna }

  const answer = await server.call({ ...make, headers })
  expect([answer.status, answer.body]).toMatchObject([401, { code: 'identity_changed' }])
  expect(answer.headers['x-porchlight-identity']).toBe(annas['x-porchlight-identity'])
  expect(await server.app.db.selectFrom('api_keys').select('id').execute()).toEqual([])
  // Anna's session is not touched by that, and her own page goes on.
  const own = await server.call({ ...make, headers: { ...annas, 'remote-email': anna } })
  expect(own.status).toBe(201)
})

test('a page that speaks for the person who is there is heard, and so is a client that says nothing of it', async () => {
  await using server = await household()
  const grans = await page(server, gran)
  const path = '/api/users/me'
  expect((await server.call({ path, headers: { ...grans, 'remote-email': gran } })).status).toBe(200)
  expect((await server.call({ path, headers: { 'remote-email': gran } })).status).toBe(200)
})

test('when anna takes gran’s place, the browser is told to drop what it keeps of gran', async () => {
  await using server = await household()
  const { cookie } = await page(server, gran)
  const call = await server.call({ path: '/api/users/me', headers: { cookie, 'remote-email': anna } })
  expect([call.status, call.headers['clear-site-data']]).toEqual([401, all])

  const again = await page(server, gran)
  const opened = await opensPage(server, anna, again.cookie)
  expect(opened.headers['clear-site-data']).toBe(all)
  const stale = await opensPage(server, anna, again.cookie)
  expect(stale.headers['clear-site-data']).toBe(all)
})

test('gran coming back to her own page keeps her pictures in the browser', async () => {
  await using server = await household()
  const { cookie } = await page(server, gran)
  expect((await opensPage(server, gran, cookie)).headers['clear-site-data']).toBeUndefined()
  expect((await opensPage(server, gran)).headers['clear-site-data']).toBeUndefined()
})
