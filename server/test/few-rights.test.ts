import { expect, test } from 'vitest'
import { asCookieHeader, type Call } from './http-call.ts'
import { endProbation, tryOutSettings } from './settings-client.ts'
import { peers, people, startServer, type SignedIn, type TestServer } from './start-server.ts'

const trusted = { PORCHLIGHT_TRUSTED_NETWORKS: `${peers.proxy}/32` }
const config = '/api/system-config'
type Headers = Record<string, string>

async function household(environment: Headers = trusted): Promise<{ server: TestServer; admin: SignedIn }> {
  const server = await startServer({ environment })
  return { server, admin: await server.signUpAdmin() }
}

async function keyWith(server: TestServer, admin: SignedIn, permissions: string[]): Promise<Headers> {
  const body = { name: 'a program', permissions }
  const made = await server.call({ method: 'POST', path: '/api/api-keys', headers: admin.headers, body })
  return { 'x-api-key': (made.body as { secret: string }).secret }
}

test('a key that may change settings cannot name another header and become the admin', async () => {
  const { server, admin } = await household()
  await using _ = server
  const key = await keyWith(server, admin, ['systemConfig.read', 'systemConfig.update'])
  const answer = await tryOutSettings(server, key, { trustedHeader: { headers: { email: 'x-evil' } } })
  expect([answer.status, answer.body]).toEqual([403, { message: 'Missing required permission: all' }])
  expect((await tryOutSettings(server, key, { server: { loginPageMessage: 'Hello' } })).status).toBe(200)
  const spoof = { 'x-evil': people.admin.email }
  expect((await server.call({ path: '/api/users/me', headers: spoof })).status).toBe(401)
})

test('a key that may read settings makes the server fetch nothing', async () => {
  const { server, admin } = await household()
  await using _ = server
  const key = await keyWith(server, admin, ['systemConfig.read', 'systemConfig.update'])
  const dryRun = { method: 'POST', path: '/api/admin/sign-in-check/dry-run', body: { trustedHeader: {} } }
  expect((await server.call({ ...dryRun, headers: key })).status).toBe(403)
  expect((await server.call({ ...dryRun, headers: admin.headers })).status).toBe(200)
})

test('a key that may change people takes no admin’s rights, and gives none of them a password or PIN', async () => {
  const { server, admin } = await household()
  await using _ = server
  const gran = await server.addPerson(people.gran)
  const path = `/api/admin/users/${gran.id}`
  const put = (headers: Headers, body: unknown) => server.call({ method: 'PUT', path, headers, body })
  await put(admin.headers, { isAdmin: true })
  const key = await keyWith(server, admin, ['adminUser.read', 'adminUser.update'])
  for (const body of [
    { isAdmin: false },
    { password: 'a new password' },
    { pinCode: '123456' },
    { email: 'x@y.example' },
  ])
    expect([body, (await put(key, body)).status]).toEqual([body, 403])
  expect((await put(key, { name: 'Granny' })).status).toBe(200)
})

test('settings that are taken back leave no admin and no id behind', async () => {
  const { server, admin } = await household()
  await using _ = server
  const gran = { 'remote-email': people.gran.email, 'remote-groups': 'family' }
  await server.call({ path: '/api/users/me', headers: gran })
  const wrong = { adminGroup: 'family', headers: { id: 'remote-user' } }
  expect((await tryOutSettings(server, admin.headers, { trustedHeader: wrong })).status).toBe(200)
  const during = await server.call({
    path: '/api/users/me',
    headers: { ...gran, 'remote-user': 'everybody' },
  })
  expect([during.status, (during.body as { isAdmin: boolean }).isAdmin]).toEqual([200, false])
  expect((await endProbation(server, admin.headers, 'undo'))?.status).toBe(204)

  expect((await server.call({ path: '/api/admin/users', headers: gran })).status).toBe(403)
  await tryOutSettings(server, admin.headers, { trustedHeader: { headers: { id: 'remote-uid' } } })
  await endProbation(server, admin.headers, 'confirm')
  const right = { ...gran, 'remote-uid': 'gran-1' }
  expect((await server.call({ path: '/api/users/me', headers: right })).status).toBe(200)
})

test('nobody can confirm that every door is shut', async () => {
  const { server, admin } = await household({})
  await using _ = server
  await tryOutSettings(server, admin.headers, { passwordLogin: { enabled: false } })
  const answer = await endProbation(server, admin.headers, 'confirm')
  expect([answer?.status, answer?.body]).toMatchObject([409, { code: 'not_let_in' }])
})

test('a pasted file that is too long, or inside of itself, is refused in words and in time', async () => {
  const { server, admin } = await household()
  await using _ = server
  const read = (text: string) =>
    server.call({ method: 'POST', path: `${config}/read`, headers: admin.headers, body: { text } })
  const long = Array.from({ length: 30_000 }, (_each, index) => `k${index}: 1`).join('\n')
  const began = Date.now()
  expect((await read(long)).status).toBe(400)
  expect(Date.now() - began).toBeLessThan(2000)
  const itself = await read('a: &a\n  b: *a\n')
  expect([itself.status, itself.body]).toEqual([400, { message: 'This refers to itself by an alias' }])
  expect((await read('a: &a\n  b: 1\nc: *a\n')).status).toBe(200)
})

test.each([
  'photos.home.example',
  'ftp://photos.home.example',
  'https://',
  '//photos.home.example',
  'https://a b',
])('the external domain %s is no address', async (externalDomain) => {
  const { server, admin } = await household()
  await using _ = server
  expect((await tryOutSettings(server, admin.headers, { server: { externalDomain } })).status).toBe(400)
})

test('a link on a foreign page that leads past the portal signs nobody out', async () => {
  const { server } = await household()
  await using _ = server
  const named = { 'remote-email': people.gran.email, accept: 'text/html', 'sec-fetch-dest': 'document' }
  const cookie = asCookieHeader((await server.call({ path: '/photos', headers: named })).cookies)
  const nameless = (site: string): Call => ({
    path: '/photos?a=?key=1',
    headers: { cookie, accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-site': site },
  })
  for (const site of ['cross-site', 'same-site'])
    expect((await server.call(nameless(site))).cookies).toEqual({})
  const headers = { cookie, 'remote-email': people.gran.email }
  expect((await server.call({ path: '/api/users/me', headers })).status).toBe(200)
  // Her own page, on the other hand, tells that the portal knows her no more.
  await server.call({ path: '/api/users/me', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
  expect((await server.call({ path: '/api/users/me', headers })).body).toMatchObject({
    email: people.gran.email,
  })
  expect((await server.countEverything()).sessions).toBe(1)
})

test('past the portal by a made-up key, nobody registers and nobody tries passwords', async () => {
  await using server = await startServer({ environment: trusted })
  const skips: Headers[] = [{ 'x-api-key': 'x' }, { authorization: 'Bearer x' }, { 'x-immich-share-key': '' }]
  const tries = async (path: string, body: unknown) => {
    const calls = skips.map((headers) => server.call({ method: 'POST', path, headers, body }))
    const queried = server.call({ method: 'POST', path: `${path}?key=x`, body })
    return (await Promise.all([...calls, queried])).map(({ status }) => status)
  }
  expect(await tries('/api/auth/admin-sign-up', people.admin)).toEqual([400, 400, 400, 400])
  await server.signUpAdmin()
  expect(await tries('/api/auth/login', people.admin)).toEqual([400, 400, 400, 400])
})

test('where the operator named the first admin, nobody else registers', async () => {
  await using server = await startServer({ environment: { PORCHLIGHT_ADMIN_EMAIL: people.admin.email } })
  const register = (body: unknown) => server.call({ method: 'POST', path: '/api/auth/admin-sign-up', body })
  expect((await register(people.gran)).status).toBe(400)
  expect((await register(people.admin)).status).toBe(201)
})

test('a password session that the settings protect keeps its cookie when the page asks the proxy', async () => {
  const { server, admin } = await household()
  await using _ = server
  await tryOutSettings(server, admin.headers, { trustedHeader: { onConflict: 'refuse' } })
  const headers = { cookie: admin.cookie, 'remote-email': people.gran.email }
  const answer = await server.call({ method: 'POST', path: '/api/auth/trusted-header', headers })
  expect([answer.status, answer.body, answer.cookies]).toMatchObject([401, { code: 'identity_conflict' }, {}])
})

test('over the public https address cookies are for https alone, whatever tells who the proxy is', async () => {
  const secret = 'known-to-the-proxy-and-to-nobody-else'
  const { server, admin } = await household({
    PORCHLIGHT_TRUSTED_HEADER: 'true',
    PORCHLIGHT_TRUSTED_HEADER_SECRET: secret,
  })
  await using _ = server
  const externalDomain = `https://127.0.0.1:${server.port}`
  await tryOutSettings(server, admin.headers, { server: { externalDomain } })
  const named = { accept: 'text/html', 'porchlight-secret': secret, 'remote-email': people.gran.email }
  const lines = (await server.call({ path: '/photos', headers: named })).headers['set-cookie'] ?? []
  expect(lines.filter((line) => /; Secure/i.test(line))).toHaveLength(3)
})
