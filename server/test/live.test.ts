import { setTimeout as rest } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { asCookieHeader } from './http-call.ts'
import { openSocket, tryUpgrade, type LiveClient } from './socket-client.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'

const trusted = { PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' }
const [gran, anna] = [people.gran.email, people.anna.email]
const accepted = { status: 101, body: undefined }
const nobody = { status: 401, body: { message: 'Authentication required' } }

async function household(environment: Record<string, string> = trusted): Promise<TestServer> {
  const server = await startServer({ environment })
  await server.signUpAdmin()
  return server
}

async function opensPage(server: TestServer, email: string): Promise<string> {
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'document', 'remote-email': email }
  return asCookieHeader((await server.call({ path: '/photos', headers })).cookies)
}

async function connects(
  server: TestServer,
  headers: Record<string, string>,
  query: Record<string, string> = {},
): Promise<LiveClient> {
  const client = await openSocket(server, { headers, query })
  onTestFinished(() => void client.socket.close())
  return client
}

const behindProxy = async (server: TestServer, email: string) => ({
  cookie: await opensPage(server, email),
  'remote-email': email,
})

async function makeKey(server: TestServer, permissions: string[]): Promise<{ id: string; secret: string }> {
  const admin = await server.call({ method: 'POST', path: '/api/auth/login', body: people.admin })
  const headers = { cookie: asCookieHeader(admin.cookies) }
  const body = { name: 'key', permissions }
  const made = await server.call({ method: 'POST', path: '/api/api-keys', headers, body })
  const { apiKey, secret } = made.body as { apiKey: { id: string }; secret: string }
  return { id: apiKey.id, secret }
}

test('gran’s browser, her phone and a program of hers each get a socket, and the version as its first word', async () => {
  await using server = await household()
  const member = await server.addPerson(people.gran)
  const { secret } = await makeKey(server, ['all'])
  for (const headers of [
    { cookie: member.cookie },
    { authorization: `Bearer ${member.token}` },
    { 'x-immich-user-token': member.token },
    { 'x-api-key': secret },
    await behindProxy(server, anna),
  ]) {
    const client = await connects(server, headers)
    expect(await client.hears('on_server_version')).toEqual({
      major: 3,
      minor: 2,
      patch: 2,
      prerelease: null,
    })
  }
  const byQuery = await connects(server, {}, { sessionKey: member.token })
  expect(byQuery.socket.connected).toBe(true)
})

test('who shows nothing, or something that is not good, gets no socket', async () => {
  await using server = await household()
  const { secret } = await makeKey(server, ['asset.read'])
  expect(await tryUpgrade(server, {})).toEqual(nobody)
  expect(await tryUpgrade(server, { headers: { cookie: 'immich_access_token=none' } })).toMatchObject({
    status: 401,
    body: { message: 'Invalid user token' },
  })
  expect(await tryUpgrade(server, { headers: { authorization: 'Bearer none' } })).toMatchObject({
    status: 401,
  })
  expect(await tryUpgrade(server, { headers: { 'x-api-key': 'none' } })).toMatchObject({ status: 401 })
  expect(await tryUpgrade(server, { headers: { 'x-api-key': secret } })).toMatchObject({ status: 403 })
  expect(await tryUpgrade(server, { query: { key: 'some-link' } })).toMatchObject({ status: 401 })
  await expect(openSocket(server, {})).rejects.toThrow('websocket error')
})

test('the proxy’s word alone is not enough: a socket needs a session', async () => {
  await using server = await household()
  const before = await server.countEverything()
  const headers = { 'remote-email': people.admin.email }
  expect(await tryUpgrade(server, { headers })).toMatchObject({
    status: 401,
    body: { code: 'session_required' },
  })
  expect(await server.countEverything()).toEqual(before)
})

test('an intruder past the proxy gets no socket by a header, nor by gran’s cookie, and ends nothing', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const client = await connects(server, headers)
  expect(await tryUpgrade(server, { from: peers.intruder, headers })).toEqual(nobody)
  expect(
    await tryUpgrade(server, { from: peers.intruder, headers: { 'remote-email': people.admin.email } }),
  ).toEqual(nobody)
  await rest(1200)
  expect(client.socket.connected).toBe(true)
})

test.each([
  ['https://evil.example', 403],
  ['null', 403],
  ['http://127.0.0.1:1', 403],
  ['file://', 403],
])('a page of %s gets no socket with gran’s cookie', async (origin, status) => {
  await using server = await household()
  const headers = { ...(await behindProxy(server, gran)), origin, 'sec-fetch-site': 'same-origin' }
  expect(await tryUpgrade(server, { headers })).toMatchObject({ status, body: { code: 'cross_origin' } })
})

test('our own page gets its socket, whatever its browser says of the site', async () => {
  await using server = await household()
  const own = { ...(await behindProxy(server, gran)), origin: `http://127.0.0.1:${server.port}` }
  expect(await tryUpgrade(server, { headers: own })).toEqual(accepted)
  expect(await tryUpgrade(server, { headers: { ...own, 'sec-fetch-site': 'cross-site' } })).toEqual(accepted)
})

test('gran’s cookie with anna’s header opens nothing, and closes what gran’s tab had open', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const client = await connects(server, headers)
  expect(await tryUpgrade(server, { headers: { ...headers, 'remote-email': anna } })).toMatchObject({
    status: 401,
    body: { code: 'identity_changed' },
  })
  expect(await client.closed()).toBeLessThan(500)
})

test('when anna sits down, the first request that says so closes gran’s socket', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const client = await connects(server, headers)
  await server.call({ path: '/api/users/me', headers: { ...headers, 'remote-email': anna } })
  expect(await client.closed()).toBeLessThan(500)
})

test('a socket that signed out is told which session is over, and stays away', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const client = await connects(server, headers)
  const other = await connects(server, await behindProxy(server, anna))
  const { id } = await server.app.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('sessions.id')
    .where('users.email', '=', gran)
    .executeTakeFirstOrThrow()
  const told = client.hears('on_session_delete')
  await server.call({ method: 'POST', path: '/api/auth/logout', headers })
  expect(await client.closed()).toBeLessThan(500)
  expect(await told).toBe(id)
  await rest(1200)
  expect(other.socket.connected).toBe(true)
  expect(other.heard.map(({ event }) => event)).toEqual(['on_server_version'])
})

test.each<[string, (server: TestServer) => Promise<unknown>]>([
  [
    'another process ends the session',
    ({ app }) => app.db.deleteFrom('sessions').where('method', '=', 'trusted-header').execute(),
  ],
  [
    'another process deletes gran',
    ({ app }) =>
      app.db
        .updateTable('users')
        .set({ deleted_at: '2026-01-01T00:00:00.000Z' })
        .where('email', '=', gran)
        .execute(),
  ],
  [
    'the session expires',
    ({ app }) => app.db.updateTable('sessions').set({ expires_at: '2020-01-01T00:00:00.000Z' }).execute(),
  ],
])('within two seconds gran’s socket is closed when %s', async (_title, happens) => {
  await using server = await household()
  const client = await connects(server, await behindProxy(server, gran))
  await happens(server)
  expect(await client.closed()).toBeLessThan(2000)
})

test('a key that is deleted, or may no longer do everything, closes its socket within two seconds', async () => {
  await using server = await household()
  const [one, two] = [await makeKey(server, ['all']), await makeKey(server, ['all'])]
  const clients = [
    await connects(server, { 'x-api-key': one.secret }),
    await connects(server, { 'x-api-key': two.secret }),
  ]
  await server.app.db.deleteFrom('api_keys').where('id', '=', one.id).execute()
  await server.app.db
    .updateTable('api_keys')
    .set({ permissions: '["asset.read"]' })
    .where('id', '=', two.id)
    .execute()
  for (const client of clients) expect(await client.closed()).toBeLessThan(2000)
})

test('an admin who deletes gran closes her sockets at once', async () => {
  await using server = await household({})
  const member = await server.addPerson(people.gran)
  const client = await connects(server, { cookie: member.cookie })
  const { headers } = await server.addPerson(people.anna).then(() => signInAdmin(server))
  await server.call({ method: 'DELETE', path: `/api/admin/users/${member.id}`, headers, body: {} })
  expect(await client.closed()).toBeLessThan(500)
})

async function signInAdmin(server: TestServer): Promise<{ headers: Record<string, string> }> {
  const answer = await server.call({ method: 'POST', path: '/api/auth/login', body: people.admin })
  return { headers: { authorization: `Bearer ${(answer.body as { accessToken: string }).accessToken}` } }
}

const path = '/api/system-config'
type Config = { trustedHeader: Record<string, unknown> }

async function changeTrust(server: TestServer, change: Record<string, unknown>): Promise<void> {
  const { headers } = await signInAdmin(server)
  const config = (await server.call({ path, headers })).body as Config
  const body = { ...config, trustedHeader: { ...config.trustedHeader, ...change } }
  const saved = await server.call({ method: 'PUT', path, headers, body })
  if (saved.status !== 200) throw new Error(saved.text)
}

test.each<[string, Record<string, unknown>]>([
  ['the switch is turned off', { enabled: false }],
  ['the proxy’s network is taken off the list', { networks: ['10.1.2.3/32'] }],
  ['another header counts', { headers: { email: 'x-other-email' } }],
])('when %s, sockets by header close within two seconds, a password’s stays', async (_title, change) => {
  await using server = await household({})
  const granByPassword = await server.addPerson(people.gran)
  await changeTrust(server, { enabled: true, networks: ['127.0.0.1/32'] })
  const byHeader = await connects(server, await behindProxy(server, anna))
  const byPassword = await connects(server, { cookie: granByPassword.cookie })
  await changeTrust(server, change)
  expect(await byHeader.closed()).toBeLessThan(2000)
  // It may try again at once, and is looked at anew: no word that the session is gone.
  expect(byHeader.heard.map(({ event }) => event)).not.toContain('on_session_delete')
  expect(byPassword.socket.connected).toBe(true)
})

test('after five minutes a socket by header has to pass the proxy again, others need not', async () => {
  let passed = 0
  const clock = { now: () => new Date(Date.now() + passed) }
  await using server = await startServer({ environment: trusted, clock })
  const admin = await server.signUpAdmin()
  const byHeader = await connects(server, await behindProxy(server, gran))
  const byPassword = await connects(server, { cookie: admin.cookie })
  passed = 4 * 60_000
  await rest(1500)
  expect(byHeader.socket.connected).toBe(true)
  passed = 5 * 60_000
  expect(await byHeader.closed()).toBeLessThan(2000)
  expect(byPassword.socket.connected).toBe(true)
})

test('whatever a socket says is passed over; a long message ends it', async () => {
  await using server = await household()
  const client = await connects(server, await behindProxy(server, gran))
  const other = await connects(server, await behindProxy(server, gran))
  client.socket.emit('on_session_delete', 'anything')
  client.socket.emit('join', 'room')
  await rest(200)
  expect(client.socket.connected).toBe(true)
  expect(other.heard.map(({ event }) => event)).toEqual(['on_server_version'])
  client.socket.emit('long', 'x'.repeat(10_000))
  expect(await client.closed()).toBeLessThan(1000)
})

test('one person holds a few dozen sockets at most, which leaves room for the others', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const clients = await Promise.all(Array.from({ length: 32 }, () => connects(server, headers)))
  expect(await tryUpgrade(server, { headers })).toMatchObject({ status: 429 })
  expect(await tryUpgrade(server, { headers: await behindProxy(server, anna) })).toEqual(accepted)
  clients[0]?.socket.close()
  await rest(200)
  expect(await tryUpgrade(server, { headers })).toEqual(accepted)
})

test('polling, older protocols, somebody’s socket id and other paths are refused', async () => {
  await using server = await household()
  const headers = await behindProxy(server, gran)
  const client = await connects(server, headers)
  const sid = client.socket.io.engine.id
  expect(await tryUpgrade(server, { headers, query: { sid } })).toMatchObject({ status: 400 })
  expect(await tryUpgrade(server, { headers, query: { EIO: '3' } })).toMatchObject({ status: 400 })
  expect(await tryUpgrade(server, { headers, query: { transport: 'polling' } })).toMatchObject({
    status: 400,
  })
  const polling = await server.call({ path: '/api/socket.io/?EIO=4&transport=polling', headers })
  expect(polling.status).toBe(404)
  const elsewhere = { connection: 'Upgrade', upgrade: 'websocket' }
  expect(await server.call({ path: '/photos', headers: { ...headers, ...elsewhere } })).toMatchObject({
    status: 404,
    body: { message: 'Cannot GET /photos' },
  })
  expect(client.socket.connected).toBe(true)
})

test('an offer of another protocol, as curl makes it, changes nothing for an ordinary request', async () => {
  await using server = await household()
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' }
  expect(await server.call({ path: '/api/server/ping', headers })).toMatchObject({ status: 200 })
})

test('a server with open sockets ends promptly', async () => {
  const server = await household()
  const client = await connects(server, await behindProxy(server, gran))
  const start = performance.now()
  await server[Symbol.asyncDispose]()
  expect(performance.now() - start).toBeLessThan(3000)
  expect(await client.closed()).toBeLessThan(1000)
})
