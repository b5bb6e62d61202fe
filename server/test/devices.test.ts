import { setTimeout as rest } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { phoneApp, tokenIn, urlIn } from './phone-app.ts'
import { openSocket } from './socket-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'
import { asks, auditOf, fileWith, householdWith, opensPage } from './vouching.ts'

const gran = people.gran.email
const said = { 'remote-email': gran }
const day = 24 * 60 * 60 * 1000

type Device = { id: string; name: string | null; method: string; seenFrom: string | null; current: boolean }

/** A clock that a test can turn. */
function turnable() {
  let at = Date.parse('2026-05-01T12:00:00Z')
  return { now: () => new Date(at), turn: (milliseconds: number) => void (at += milliseconds) }
}

const devicesOf = async (server: TestServer, headers: Record<string, string>) =>
  (await server.call({ path: '/api/devices', headers })).body as Device[]

const post = (server: TestServer, path: string, headers: Record<string, string>, body: unknown) =>
  server.call({ method: 'POST', path, headers, body })

const byToken = (token: string) => ({ 'x-immich-user-token': token })
const tokenOf = ({ body }: { body: unknown }) => (body as { token: string }).token

async function phoneOf(server: TestServer): Promise<string> {
  const app = phoneApp(server)
  return tokenIn(await app.callback(urlIn(await app.saysYes(said))))
}

test('gran sees where she is signed in: what, from where and by which method, and names it', async () => {
  await using server = await householdWith({})
  const forwarded = { 'x-forwarded-for': '198.51.100.7, 127.0.0.1' }
  const cookie = await opensPage(server, { ...said, ...forwarded })
  const phone = await phoneOf(server)
  const found = await devicesOf(server, { cookie, ...said })
  expect(found).toHaveLength(2)
  const browser = found.find(({ current }) => current)
  expect(browser).toMatchObject({ method: 'trusted-header', seenFrom: '198.51.100.7', name: null })
  const app = found.find(({ current }) => !current)
  expect(app).toMatchObject({
    method: 'device',
    deviceType: 'Immich app',
    deviceOS: 'Android',
    appVersion: '3.2.2',
  })

  const rename = (id: string, headers: Record<string, string>, name: unknown) =>
    server.call({ method: 'PUT', path: `/api/devices/${id}`, headers, body: { name } })
  const id = app?.id ?? ''
  expect((await rename(id, { cookie, ...said }, ' Gran’s phone ')).body).toMatchObject({
    name: 'Gran’s phone',
  })
  expect((await devicesOf(server, byToken(phone))).find(({ current }) => current)?.name).toBe('Gran’s phone')
  expect((await rename(id, { cookie, ...said }, '')).body).toMatchObject({ name: null })
  expect((await rename(id, { cookie, ...said }, 'x'.repeat(101))).status).toBe(400)
  expect((await rename(id, { 'remote-email': people.anna.email }, 'mine now')).status).toBe(400)
})

test('where a device was last seen follows it, but is not written on every request', async () => {
  const clock = turnable()
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) } })
  await server.signUpAdmin()
  const token = await phoneOf(server)
  const seenAs = async (address: string) => {
    const [device] = await devicesOf(server, { ...byToken(token), 'x-forwarded-for': address })
    return device?.seenFrom
  }
  expect(await seenAs('198.51.100.7')).toBe('127.0.0.1')
  clock.turn(61_000)
  await seenAs('198.51.100.7')
  expect(await seenAs('203.0.113.9')).toBe('198.51.100.7')
})

test('a device is ended, its socket with it, and all others are ended at once', async () => {
  await using server = await householdWith({})
  const cookie = await opensPage(server, said)
  const [phone, tablet] = [await phoneOf(server), await phoneOf(server)]
  const { socket, closed } = await openSocket(server, { headers: byToken(phone) })
  onTestFinished(() => void socket.close())
  const [mine] = (await devicesOf(server, byToken(phone))).filter(({ current }) => current)
  const end = (path: string) => server.call({ method: 'DELETE', path, headers: { cookie, ...said } })
  expect((await end(`/api/sessions/${mine?.id}`)).status).toBe(204)
  expect(await closed()).toBeLessThan(2000)
  expect((await asks(server, byToken(phone))).status).toBe(401)
  expect((await end('/api/sessions')).status).toBe(204)
  expect((await asks(server, byToken(tablet))).status).toBe(401)
  expect((await asks(server, { cookie, ...said })).status).toBe(200)
})

test('an admin sees and ends the devices of others, a member and an admin’s narrow key do not', async () => {
  await using server = await householdWith({})
  const admin = await server.signUpAdmin().catch(() => undefined)
  expect(admin).toBeUndefined()
  const signedIn = await post(server, '/api/auth/login', {}, people.admin)
  const headers = byToken(tokenIn(signedIn))
  const phone = await phoneOf(server)
  const { id } = (await asks(server, byToken(phone))).body as { id: string }
  const path = `/api/admin/users/${id}/devices`
  const seen = (await server.call({ path, headers })).body as Device[]
  expect(seen).toMatchObject([{ method: 'device', current: false }])
  const immichs = await server.call({ path: `/api/admin/users/${id}/sessions`, headers })
  expect(immichs.body).toMatchObject([{ id: seen[0]?.id, deviceType: 'Immich app' }])

  const { secret } = (await post(server, '/api/api-keys', headers, { permissions: ['adminSession.read'] }))
    .body as { secret: string }
  const end = (of: string, by: Record<string, string>) =>
    server.call({ method: 'DELETE', path: of, headers: by })
  for (const by of [byToken(phone), { 'x-api-key': secret }, said]) {
    expect((await end(path, by)).status).toBe(403)
    expect((await end(`${path}/${seen[0]?.id}`, by)).status).toBe(403)
  }
  expect((await server.call({ path, headers: byToken(phone) })).status).toBe(403)
  expect((await end(`${path}/${seen[0]?.id}`, headers)).status).toBe(204)
  expect((await asks(server, byToken(phone))).status).toBe(401)
  const next = await phoneOf(server)
  expect((await end(path, headers)).status).toBe(204)
  expect((await asks(server, byToken(next))).status).toBe(401)
  expect((await end(path.replace(id, '00000000-0000-4000-8000-000000000000'), headers)).status).toBe(400)
  expect(await auditOf(server)).toContainEqual(
    expect.objectContaining({ kind: 'sessions_revoked', email: gran }),
  )
})

test('gran adds a TV: a token that is shown once, works without the proxy, and ends when she said', async () => {
  const clock = turnable()
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) } })
  await server.signUpAdmin()
  const made = await post(server, '/api/devices', said, { name: 'TV in the parlour', days: 30 })
  expect(made).toMatchObject({
    status: 201,
    body: { device: { name: 'TV in the parlour', method: 'device' } },
  })
  expect(made.headers['cache-control']).toContain('no-store')
  expect(made.cookies).toEqual({})
  const token = tokenOf(made)
  expect((await asks(server, byToken(token))).body).toMatchObject({ email: gran })
  expect(JSON.stringify(await devicesOf(server, byToken(token)))).not.toContain(token)
  clock.turn(30 * day - 1)
  expect((await asks(server, byToken(token))).status).toBe(200)
  clock.turn(1)
  expect((await asks(server, byToken(token))).status).toBe(401)
  expect(await devicesOf(server, said)).toEqual([])
})

test('an API key with an end works until then, and makes no key that outlives it', async () => {
  const clock = turnable()
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) } })
  await server.signUpAdmin()
  const expiresAt = new Date(clock.now().getTime() + 30 * day).toISOString()
  const make = async (headers: Record<string, string>, end?: string) => {
    const body = { permissions: ['all'], ...(end !== undefined && { expiresAt: end }) }
    const answer = await post(server, '/api/api-keys', headers, body)
    return answer.body as { secret: string; expiresAt?: string }
  }
  const key = await make(said, expiresAt)
  expect(key.expiresAt).toBe(expiresAt)
  const child = await make({ 'x-api-key': key.secret })
  expect(child.expiresAt).toBe(expiresAt)
  expect((await make(said)).expiresAt).toBeUndefined()
  clock.turn(30 * day)
  for (const { secret } of [key, child])
    expect((await asks(server, { 'x-api-key': secret })).status).toBe(401)
})

test('no key adds a device or a session, whatever it may do', async () => {
  await using server = await householdWith({})
  const { secret } = (await post(server, '/api/api-keys', said, { permissions: ['all'] })).body as {
    secret: string
  }
  expect((await post(server, '/api/devices', { 'x-api-key': secret }, { name: 'x' })).status).toBe(400)
  const refused = { status: 400, body: { message: 'This endpoint can only be used with a session token' } }
  expect(await post(server, '/api/sessions', { 'x-api-key': secret }, {})).toMatchObject(refused)
  expect(await post(server, '/api/sessions', said, {})).toMatchObject(refused)
})

test('a session makes another for a while, which ends with it and lives by what it lives by', async () => {
  const clock = turnable()
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) } })
  await server.signUpAdmin()
  const phone = await phoneOf(server)
  const make = (headers: Record<string, string>, body: unknown) =>
    post(server, '/api/sessions', headers, body)
  const made = await make(byToken(phone), { duration: 3600, deviceType: 'TV', deviceOS: 'tvOS' })
  expect(made).toMatchObject({
    status: 201,
    body: { current: false, deviceType: 'TV', deviceOS: 'tvOS', expiresAt: '2026-05-01T13:00:00.000Z' },
  })
  const child = byToken(tokenOf(made))
  expect((await asks(server, child)).status).toBe(200)
  clock.turn(3600_000)
  expect((await asks(server, child)).status).toBe(401)

  const second = byToken(tokenOf(await make(byToken(phone), {})))
  await server.call({ method: 'POST', path: '/api/auth/logout', headers: byToken(phone) })
  expect((await asks(server, second)).status).toBe(401)

  const cookie = await opensPage(server, said)
  const ofBrowser = byToken(tokenOf(await make({ cookie, ...said }, {})))
  expect((await asks(server, { ...ofBrowser, ...said })).status).toBe(200)
  expect((await asks(server, ofBrowser)).status).toBe(401)
  expect((await make(byToken(phone), { duration: 0 })).status).toBe(401)
})

test.each<[string, Record<string, number>, number[]]>([
  ['30 days without use', { idleDays: 30, absoluteDays: 0 }, [31]],
  ['60 days in all, however much it is used', { idleDays: 30, absoluteDays: 60 }, [20, 20, 21]],
])('a device is signed out after %s', async (_what, sessions, steps) => {
  const clock = turnable()
  const file = fileWith({}, { sessions })
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await server.signUpAdmin()
  const token = await phoneOf(server)
  const statuses = []
  for (const days of steps) {
    clock.turn(days * day)
    statuses.push((await asks(server, byToken(token))).status)
  }
  expect(statuses).toEqual([...steps.slice(1).map(() => 200), 401])
  expect(await devicesOf(server, said)).toEqual([])
})

test('lifetimes are settings: days in whole numbers, in force within a second, and no nonsense', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const path = '/api/system-config'
  const { body: config } = await server.call({ path, headers })
  expect(config).toMatchObject({ sessions: { idleDays: 90, absoluteDays: 0 } })
  const keep = (sessions: unknown) =>
    server.call({ method: 'PUT', path, headers, body: { ...(config as object), sessions } })
  for (const nonsense of [
    { idleDays: 0, absoluteDays: 0 },
    { idleDays: 1.5, absoluteDays: 0 },
    { idleDays: 9 },
  ])
    expect((await keep(nonsense)).status).toBe(400)
  expect((await keep({ idleDays: 7, absoluteDays: 365 })).body).toMatchObject({
    sessions: { idleDays: 7, absoluteDays: 365 },
  })
  // A session of eight days ago.
  const long = new Date(Date.now() - 8 * day).toISOString()
  const signedIn = await post(server, '/api/auth/login', {}, people.admin)
  const { id } = (await devicesOf(server, byToken(tokenIn(signedIn)))).find(({ current }) => current) ?? {}
  await rest(1100)
  await server.app.db
    .updateTable('sessions')
    .set({ updated_at: long })
    .where('id', '=', id ?? '')
    .execute()
  expect((await asks(server, byToken(tokenIn(signedIn)))).status).toBe(401)
})
