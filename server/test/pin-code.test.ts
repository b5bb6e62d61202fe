import { expect, test } from 'vitest'
import { people, startServer, type SignedIn, type TestServer } from './start-server.ts'
import { householdWith, opensPage } from './vouching.ts'

type As = { headers: Record<string, string> }

const api = (server: TestServer, { headers }: As) => ({
  status: async () => (await server.call({ path: '/api/auth/status', headers })).body,
  pin: (method: string, body: object) => server.call({ method, path: '/api/auth/pin-code', headers, body }),
  unlock: (pinCode: string) =>
    server.call({ method: 'POST', path: '/api/auth/session/unlock', headers, body: { pinCode } }),
  lock: () => server.call({ method: 'POST', path: '/api/auth/session/lock', headers }),
})

async function withPin(server: TestServer, person: As, pinCode = '123456') {
  const gran = api(server, person)
  expect((await gran.pin('POST', { pinCode })).status).toBe(204)
  return gran
}

async function home(now: { at: number }): Promise<{ server: TestServer; gran: SignedIn }> {
  const server = await startServer({ clock: { now: () => new Date(now.at) } })
  await server.signUpAdmin()
  return { server, gran: await server.addPerson(people.gran) }
}

const minutes = (count: number) => count * 60_000

test('a PIN opens the locked folder to this session for a quarter of an hour', async () => {
  const now = { at: Date.parse('2026-11-23T12:00:00Z') }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = api(server, person)
  expect(await gran.status()).toEqual({ pinCode: false, password: true, isElevated: false })
  expect((await gran.unlock('123456')).status).toBe(400)
  await withPin(server, person)
  expect(await gran.status()).toEqual({ pinCode: true, password: true, isElevated: false })
  expect((await gran.pin('POST', { pinCode: '654321' })).status).toBe(400)

  expect((await gran.unlock('654321')).body).toEqual({ message: 'Wrong PIN code' })
  expect((await gran.unlock('123456')).status).toBe(204)
  expect(await gran.status()).toEqual({
    pinCode: true,
    password: true,
    isElevated: true,
    pinExpiresAt: '2026-11-23T12:15:00.000Z',
  })
  now.at += minutes(15)
  expect(await gran.status()).toMatchObject({ isElevated: false })

  await gran.unlock('123456')
  expect((await gran.lock()).status).toBe(204)
  expect(await gran.status()).toMatchObject({ isElevated: false })
})

test('looking in keeps it open for five minutes more, and asking for the status does not', async () => {
  const now = { at: Date.parse('2026-11-23T12:00:00Z') }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = await withPin(server, person)
  const look = () => server.call({ path: '/api/timeline/buckets?visibility=locked', headers: person.headers })
  expect([(await look()).status, (await look()).body]).toEqual([
    401,
    { message: 'Elevated permission is required' },
  ])
  await gran.unlock('123456')
  expect((await look()).status).toBe(200)
  expect(await gran.status()).toMatchObject({ pinExpiresAt: '2026-11-23T12:15:00.000Z' })
  now.at += minutes(14)
  expect(await gran.status()).toMatchObject({ pinExpiresAt: '2026-11-23T12:15:00.000Z' })
  await look()
  expect(await gran.status()).toMatchObject({ pinExpiresAt: '2026-11-23T12:19:00.000Z' })
  now.at += minutes(5)
  expect((await look()).status).toBe(401)
})

test('a PIN is changed and removed by whoever knows it or the password, and shuts every session', async () => {
  const now = { at: Date.now() }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = await withPin(server, person)
  await gran.unlock('123456')
  expect((await gran.pin('PUT', { newPinCode: '222222' })).status).toBe(400)
  expect((await gran.pin('PUT', { pinCode: '999999', newPinCode: '222222' })).status).toBe(400)
  expect((await gran.pin('PUT', { pinCode: '123456', newPinCode: '222222' })).status).toBe(204)
  expect(await gran.status()).toMatchObject({ isElevated: false })
  expect((await gran.unlock('222222')).status).toBe(204)
  expect((await gran.pin('PUT', { password: 'guess', newPinCode: '333333' })).status).toBe(400)
  expect((await gran.pin('PUT', { password: people.gran.password, newPinCode: '333333' })).status).toBe(204)
  expect((await gran.pin('DELETE', { pinCode: '222222' })).status).toBe(400)
  expect((await gran.pin('DELETE', { pinCode: '333333' })).status).toBe(204)
  expect(await gran.status()).toMatchObject({ pinCode: false, isElevated: false })
  for (const pinCode of ['12345', '1234567', 'abcdef', '１２３４５６'])
    expect((await gran.pin('POST', { pinCode })).status).toBe(400)
})

test('six digits cannot be guessed: the wait grows, wherever one tries from', async () => {
  const now = { at: Date.now() }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = await withPin(server, person)
  for (let count = 0; count < 5; count++) expect((await gran.unlock(`00000${count}`)).status).toBe(400)
  expect((await gran.unlock('123456')).status).toBe(429)
  const call = { method: 'DELETE', path: '/api/auth/pin-code', headers: person.headers, from: '127.0.0.9' }
  expect((await server.call({ ...call, body: { pinCode: '123456' } })).status).toBe(429)
  now.at += 1000
  expect((await gran.unlock('123456')).status).toBe(204)
})

test('an API key opens nothing, whatever it may do else', async () => {
  const now = { at: Date.now() }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = await withPin(server, person)
  await gran.unlock('123456')
  const made = await server.call({
    method: 'POST',
    path: '/api/api-keys',
    headers: person.headers,
    body: { permissions: ['all'] },
  })
  const headers = { 'x-api-key': (made.body as { secret: string }).secret }
  expect((await api(server, { headers }).unlock('123456')).status).toBe(400)
  expect((await api(server, { headers }).lock()).status).toBe(400)
  expect(await api(server, { headers }).status()).toMatchObject({ isElevated: false })
  expect((await server.call({ path: '/api/timeline/buckets?visibility=locked', headers })).status).toBe(401)
})

test('who signs in by header sets a PIN without a password, and opens the folder in a session', async () => {
  await using server = await householdWith({})
  const vouched = { 'remote-email': people.gran.email }
  const headers = { ...vouched, cookie: await opensPage(server, vouched) }
  const gran = await withPin(server, { headers })
  expect(await gran.status()).toEqual({ pinCode: true, password: false, isElevated: false })
  expect((await gran.unlock('123456')).status).toBe(204)
  expect(await gran.status()).toMatchObject({ isElevated: true })
  // Another browser of hers, and the word of the proxy without a session, are not open.
  const other = { ...vouched, cookie: await opensPage(server, vouched) }
  expect(await api(server, { headers: other }).status()).toMatchObject({ isElevated: false })
  expect(await api(server, { headers: vouched }).status()).toMatchObject({ isElevated: false })
  expect((await api(server, { headers: vouched }).unlock('123456')).status).toBe(400)
})

test('an admin gives somebody another PIN or none, which shuts the folder everywhere', async () => {
  const now = { at: Date.now() }
  const { server, gran: person } = await home(now)
  await using _ = server
  const login = { method: 'POST', path: '/api/auth/login', body: people.admin }
  const { accessToken } = (await server.call(login)).body as { accessToken: string }
  const change = (body: object) =>
    server.call({
      method: 'PUT',
      path: `/api/admin/users/${person.id}`,
      headers: { authorization: `Bearer ${accessToken}` },
      body,
    })
  const gran = await withPin(server, person)
  await gran.unlock('123456')
  expect((await change({ pinCode: '424242' })).status).toBe(200)
  expect(await gran.status()).toMatchObject({ pinCode: true, isElevated: false })
  expect((await gran.unlock('424242')).status).toBe(204)
  expect((await change({ name: 'Gran' })).status).toBe(200)
  expect(await gran.status()).toMatchObject({ isElevated: true })
  expect((await change({ pinCode: null })).status).toBe(200)
  expect(await gran.status()).toMatchObject({ pinCode: false, isElevated: false })
})

test('gran shuts the folder on another of her devices, and on nobody else’s', async () => {
  const now = { at: Date.now() }
  const { server, gran: person } = await home(now)
  await using _ = server
  const gran = await withPin(server, person)
  await gran.unlock('123456')
  const sessions = await server.call({ path: '/api/sessions', headers: person.headers })
  const [{ id } = { id: '' }] = sessions.body as { id: string }[]
  const login = { method: 'POST', path: '/api/auth/login', body: people.admin }
  const { accessToken } = (await server.call(login)).body as { accessToken: string }
  const lock = (headers: Record<string, string>) =>
    server.call({ method: 'POST', path: `/api/sessions/${id}/lock`, headers })
  expect((await lock({ authorization: `Bearer ${accessToken}` })).status).toBe(400)
  expect(await gran.status()).toMatchObject({ isElevated: true })
  expect((await lock(person.headers)).status).toBe(204)
  expect(await gran.status()).toMatchObject({ isElevated: false })
})
