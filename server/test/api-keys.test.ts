import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from './http-call.ts'
import { openSocket } from './socket-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const keys = '/api/api-keys'
const outcome = ({ status, body }: Answer) => [status, body]

type Made = { id: string; secret: string; headers: Record<string, string> }

async function makeKey(
  server: TestServer,
  headers: Record<string, string>,
  permissions: string[],
): Promise<Made> {
  const answer = await server.call({
    method: 'POST',
    path: keys,
    headers,
    body: { name: 'cli', permissions },
  })
  if (answer.status !== 201) throw new Error(answer.text)
  const { id, secret } = answer.body as { id: string; secret: string }
  return { id, secret, headers: { 'x-api-key': secret } }
}

test('a new key has both shapes that Immich’s clients know, and shows its secret once', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const made = await server.call({
    method: 'POST',
    path: keys,
    headers,
    body: { permissions: ['asset.read'] },
  })
  const { secret, apiKey, ...flat } = made.body as { secret: string; apiKey: object }
  expect(made.status).toBe(201)
  expect(secret).toMatch(/^[A-Za-z0-9]{30,43}$/)
  expect(flat).toEqual(apiKey)
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown
  expect(apiKey).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    name: 'API Key',
    createdAt: time,
    updatedAt: time,
    permissions: ['asset.read'],
  })
  const { id } = apiKey as { id: string }
  expect((await server.call({ path: keys, headers })).body).toEqual([apiKey])
  expect((await server.call({ path: `${keys}/${id}`, headers })).body).toEqual(apiKey)
  const rows = await server.app.db.selectFrom('api_keys').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(secret)
})

test('a key knows itself; a session is no key', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const key = await makeKey(server, headers, ['asset.read'])
  const itself = await server.call({ path: `${keys}/me`, headers: key.headers })
  expect(outcome(itself)).toMatchObject([200, { id: key.id, permissions: ['asset.read'] }])
  expect(itself.text).not.toContain(key.secret)
  const session = await server.call({ path: `${keys}/me`, headers })
  expect(outcome(session)).toEqual([403, { message: 'Not authenticated with an API Key' }])
})

test('a key in the address works as one in a header does', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const key = await makeKey(server, headers, ['user.read'])
  expect((await server.call({ path: `/api/users/me?apiKey=${key.secret}` })).status).toBe(200)
  const bad = await server.call({ path: '/api/users/me?apiKey=nope' })
  expect(outcome(bad)).toEqual([401, { message: 'Invalid API key' }])
})

test.each<[string, string, string, string]>([
  ['GET', '/api/users/me', 'asset.read', 'user.read'],
  ['PUT', '/api/users/me', 'user.read', 'user.update'],
  ['GET', '/api/users/me/preferences', 'user.read', 'userPreference.read'],
  ['GET', '/api/sessions', 'user.read', 'session.read'],
  ['DELETE', '/api/sessions', 'session.read', 'session.delete'],
  ['GET', keys, 'apiKey.create', 'apiKey.read'],
  ['POST', keys, 'apiKey.read', 'apiKey.create'],
  ['GET', '/api/admin/users', 'user.read', 'adminUser.read'],
  ['POST', '/api/admin/users', 'adminUser.read', 'adminUser.create'],
  ['GET', '/api/system-config', 'adminUser.read', 'systemConfig.read'],
  ['PUT', '/api/system-config', 'systemConfig.read', 'systemConfig.update'],
  ['GET', '/api/server/statistics', 'server.about', 'server.statistics'],
  ['GET', '/api/server/about', 'server.storage', 'server.about'],
  ['POST', '/api/auth/logout', 'auth.changePassword', 'all'],
  ['GET', '/api/auth/status', 'user.read', 'all'],
])('%s %s with a key for %s lacks %s', async (method, path, granted, needed) => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const limited = await makeKey(server, headers, [granted])
  const refused = await server.call({ method, path, headers: limited.headers, body: {} })
  expect(outcome(refused)).toEqual([403, { message: `Missing required permission: ${needed}` }])
  const able = [await makeKey(server, headers, [needed]), await makeKey(server, headers, ['all'])]
  for (const key of able) {
    const answer = await server.call({ method, path, headers: key.headers, body: {} })
    expect([200, 201, 204, 400]).toContain(answer.status)
  }
})

test('words that only look like a permission grant nothing', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  for (const word of [
    'ALL',
    'All',
    '*',
    'user',
    'user.',
    'user.*',
    'user.read ',
    'admin',
    'false',
    'undefined',
  ]) {
    const key = await makeKey(server, headers, [word])
    const answer = await server.call({ path: '/api/users/me', headers: key.headers })
    expect([word, answer.status]).toEqual([word, 403])
  }
})

test('a member’s key with every permission is still no admin’s', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const key = await makeKey(server, gran.headers, ['all', 'adminUser.read'])
  const answer = await server.call({ path: '/api/admin/users', headers: key.headers })
  expect(outcome(answer)).toEqual([403, { message: 'Forbidden' }])
})

test('a limited key can neither make nor widen a key beyond itself', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const granted = ['apiKey.create', 'apiKey.update', 'asset.read']
  const limited = await makeKey(server, headers, granted)
  const refused = [400, { message: 'Cannot grant permissions you do not have' }]
  for (const permissions of [['all'], ['asset.read', 'asset.delete'], ['user.read'], ['unheard.of']]) {
    const call = { headers: limited.headers, body: { permissions } }
    expect(outcome(await server.call({ ...call, method: 'POST', path: keys }))).toEqual(refused)
    expect(outcome(await server.call({ ...call, method: 'PUT', path: `${keys}/${limited.id}` }))).toEqual(
      refused,
    )
  }
  const own = await server.call({ path: `${keys}/me`, headers: limited.headers })
  expect(own.body).toMatchObject({ permissions: granted })
  const narrower = await makeKey(server, limited.headers, ['asset.read'])
  expect((await server.call({ path: `${keys}/me`, headers: narrower.headers })).status).toBe(200)
})

test('a limited key cannot make itself a way in: neither by a new password nor by another address', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const limited = await makeKey(server, gran.headers, ['user.read', 'user.update'])
  const put = (headers: Record<string, string>, body: object) =>
    server.call({ method: 'PUT', path: '/api/users/me', headers, body })
  const refused = [403, { message: 'Missing required permission: all' }]
  expect(outcome(await put(limited.headers, { password: 'mine from now on' }))).toEqual(refused)
  expect(outcome(await put(limited.headers, { email: 'mallory@home.example', name: 'M' }))).toEqual(refused)
  expect(outcome(await put(limited.headers, { name: 'Granny', email: 'GRAN@home.example' }))).toMatchObject([
    200,
    { name: 'Granny', email: people.gran.email },
  ])
  const signIn = await server.call({ method: 'POST', path: '/api/auth/login', body: people.gran })
  expect(signIn.status).toBe(201)
  const full = await makeKey(server, gran.headers, ['all'])
  expect((await put(full.headers, { password: 'mine from now on' })).status).toBe(200)
})

test('a key is renamed, narrowed and removed by its person alone', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const key = await makeKey(server, gran.headers, ['user.read', 'asset.read'])
  const path = `${keys}/${key.id}`
  const unknown = [400, { message: 'API Key not found' }]
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const foreign = await server.call({ method, path, headers: admin.headers, body: { name: 'mine' } })
    expect(outcome(foreign)).toEqual(unknown)
  }
  const body = { name: 'phone', permissions: ['asset.read'] }
  const changed = await server.call({ method: 'PUT', path, headers: gran.headers, body })
  expect(outcome(changed)).toMatchObject([200, { id: key.id, ...body }])
  expect((await server.call({ path: '/api/users/me', headers: key.headers })).status).toBe(403)
  expect((await server.call({ method: 'DELETE', path, headers: gran.headers })).status).toBe(204)
  const gone = await server.call({ path: `${keys}/me`, headers: key.headers })
  expect(outcome(gone)).toEqual([401, { message: 'Invalid API key' }])
  expect(outcome(await server.call({ method: 'DELETE', path, headers: gran.headers }))).toEqual(unknown)
})

test.each([
  [{}],
  [{ permissions: [] }],
  [{ permissions: 'all' }],
  [{ permissions: [''] }],
  [{ permissions: [1] }],
])('no key is made from %j', async (body) => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const answer = await server.call({ method: 'POST', path: keys, headers, body })
  expect(outcome(answer)).toMatchObject([400, { message: 'Validation failed' }])
  expect((await server.call({ path: keys, headers })).body).toEqual([])
})

test('the key of a deleted person opens nothing', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const key = await makeKey(server, gran.headers, ['all'])
  await server.call({
    method: 'DELETE',
    path: `/api/admin/users/${gran.id}`,
    headers: admin.headers,
    body: {},
  })
  const answer = await server.call({ path: `${keys}/me`, headers: key.headers })
  expect(outcome(answer)).toEqual([401, { message: 'Invalid API key' }])
})

test.each([
  ['set an admin’s password', 'adminUser.update', { password: 'a way in for me' }],
  ['change an admin’s address', 'adminUser.update', { email: 'mine@home.example' }],
])('an admin’s limited key cannot %s', async (_title, permission, change) => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const { secret } = (
    await server.call({
      method: 'POST',
      path: '/api/api-keys',
      headers: admin.headers,
      body: { permissions: [permission] },
    })
  ).body as { secret: string }
  const call = { method: 'PUT', path: `/api/admin/users/${admin.id}`, headers: { 'x-api-key': secret } }
  const answer = await server.call({ ...call, body: change })
  expect([answer.status, answer.body]).toEqual([403, { message: 'Missing required permission: all' }])
  expect((await server.call({ ...call, body: { name: 'Still fine' } })).status).toBe(200)
})

test('an admin’s limited key makes people, but neither makes nor raises an admin', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const anna = await server.addPerson(people.anna)
  const { secret } = (
    await server.call({
      method: 'POST',
      path: '/api/api-keys',
      headers: admin.headers,
      body: { permissions: ['adminUser.create', 'adminUser.update'] },
    })
  ).body as { secret: string }
  const headers = { 'x-api-key': secret }
  const make = (body: object) => server.call({ method: 'POST', path: '/api/admin/users', headers, body })
  expect((await make({ ...people.gran, isAdmin: true })).status).toBe(403)
  expect((await make(people.gran)).status).toBe(201)
  const path = `/api/admin/users/${anna.id}`
  expect((await server.call({ method: 'PUT', path, headers, body: { isAdmin: true } })).status).toBe(403)
  const list = await server.call({ path: '/api/admin/users', headers: admin.headers })
  expect((list.body as { isAdmin: boolean }[]).filter((user) => user.isAdmin)).toHaveLength(1)
})

test('a key gets another secret: the old one opens nothing, also no socket that it opened before', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const key = await makeKey(server, headers, ['all'])
  const client = await openSocket(server, { headers: key.headers })
  onTestFinished(() => void client.socket.close())
  const rotate = (as: Record<string, string>, id = key.id) =>
    server.call({ method: 'POST', path: `${keys}/${id}/rotate`, headers: as })

  const rotated = await rotate(headers)
  const { secret, apiKey } = rotated.body as { secret: string; apiKey: { id: string } }
  expect([rotated.status, apiKey.id]).toEqual([201, key.id])
  expect((await server.call({ path: `${keys}/me`, headers: key.headers })).status).toBe(401)
  expect((await server.call({ path: `${keys}/me`, headers: { 'x-api-key': secret } })).status).toBe(200)
  await client.closed()
  expect((await rotate(headers, '00000000-0000-4000-8000-000000000000')).body).toEqual({
    message: 'API Key not found',
  })
})

test('a key replaces no secret of a key that may do more, nor of somebody else’s', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const anna = await server.addPerson(people.anna)
  const strong = await makeKey(server, headers, ['all'])
  const weak = await makeKey(server, headers, ['apiKey.update', 'asset.read'])
  const rotate = (as: Record<string, string>, id: string) =>
    server.call({ method: 'POST', path: `${keys}/${id}/rotate`, headers: as })
  expect(outcome(await rotate(weak.headers, strong.id))).toEqual([
    400,
    { message: 'Cannot grant permissions you do not have' },
  ])
  expect((await rotate(weak.headers, weak.id)).status).toBe(201)
  expect((await rotate(anna.headers, strong.id)).status).toBe(400)
  expect((await server.call({ path: `${keys}/me`, headers: strong.headers })).status).toBe(200)
})
