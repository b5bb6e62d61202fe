import { expect, test } from 'vitest'
import { asCookieHeader, type Answer } from './http-call.ts'
import { peers, people, startServer, type SignedIn, type TestServer } from './start-server.ts'

const path = '/api/system-config'
type Section = Record<string, unknown>
type Document = Record<string, Section> & { trustedHeader: Section }
type Running = { id: string; secondsLeft: number; changed: string[]; mayConfirm: boolean; reason?: string }

/** A household whose admin comes through the proxy, and whose clock the test moves. */
async function household() {
  let now = new Date()
  const server = await startServer({ clock: { now: () => now } })
  const admin = await server.signUpAdmin()
  const { headers } = admin
  await save(server, headers, { enabled: true, networks: [peers.proxy] })
  const { id } = await running(server, headers)
  await server.call({ method: 'POST', path: `${path}/probation/confirm`, headers, body: { id } })
  const passSeconds = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000)
  }
  return { server, admin, passSeconds, byHeader: await comesByHeader(server) }
}

type Headers = Record<string, string>

async function comesByHeader(server: TestServer): Promise<Headers> {
  const named = { 'remote-email': people.admin.email, accept: 'text/html' }
  const { cookies } = await server.call({ path: '/photos', headers: named })
  return { 'remote-email': people.admin.email, cookie: asCookieHeader(cookies) }
}

const config = async (server: TestServer, headers: Headers) =>
  (await server.call({ path, headers })).body as Document

async function save(server: TestServer, headers: Headers, changes: Section): Promise<Answer> {
  const document = await config(server, headers)
  const body = { ...document, trustedHeader: { ...document.trustedHeader, ...changes } }
  return server.call({ method: 'PUT', path, headers, body })
}

const running = async (server: TestServer, headers: Headers) =>
  (await server.call({ path: `${path}/probation`, headers })).body as Running

const end = (
  server: TestServer,
  how: 'confirm' | 'undo',
  { headers, id }: { headers: Headers; id: string },
) => server.call({ method: 'POST', path: `${path}/probation/${how}`, headers, body: { id } })

const networks = async (server: TestServer, admin: SignedIn) =>
  (await config(server, admin.headers)).trustedHeader['networks']

test('an admin who shuts the proxy out cannot confirm it, and is let in again after a minute', async () => {
  const { server, admin, passSeconds, byHeader } = await household()
  await using _ = server
  expect((await save(server, byHeader, { networks: [peers.intruder] })).status).toBe(200)
  expect((await server.call({ path: '/api/users/me', headers: byHeader })).status).toBe(401)
  const { id, changed, secondsLeft } = await running(server, admin.headers)
  expect([changed, secondsLeft]).toEqual([['trustedHeader.networks'], 60])
  const refused = await end(server, 'confirm', { headers: byHeader, id })
  expect(refused.status).toBe(401)

  passSeconds(60)
  expect((await server.call({ path: '/api/users/me', headers: byHeader })).status).toBe(200)
  expect(await networks(server, admin)).toEqual(['127.0.0.1/32'])
  expect(await running(server, byHeader)).toBeNull()
})

test('confirmed by the connection that the new settings let in, they stay', async () => {
  const { server, admin, passSeconds, byHeader } = await household()
  await using _ = server
  await save(server, byHeader, { networks: [peers.proxy, '10.3.3.0/24'] })
  const { id, mayConfirm } = await running(server, byHeader)
  expect(mayConfirm).toBe(true)
  expect((await end(server, 'confirm', { headers: byHeader, id })).status).toBe(204)
  passSeconds(3600)
  expect(await networks(server, admin)).toEqual(['127.0.0.1/32', '10.3.3.0/24'])
  expect((await end(server, 'confirm', { headers: byHeader, id })).status).toBe(409)
})

test('a password does not show that the header still opens the door', async () => {
  const { server, admin, passSeconds, byHeader } = await household()
  await using _ = server
  // The same person, whom the proxy vouched for as the change was made, and who also has a password session.
  await save(server, byHeader, { headers: { email: 'x-other-mail' } })
  const { id } = await running(server, admin.headers)
  const answer = await end(server, 'confirm', { headers: admin.headers, id })
  expect([answer.status, answer.body]).toMatchObject([409, { code: 'not_let_in' }])
  passSeconds(60)
  expect((await config(server, admin.headers)).trustedHeader['headers']).toMatchObject({
    email: 'remote-email',
  })
})

test('another admin and an API key confirm nothing, and an API key needs nobody to', async () => {
  const { server, admin, passSeconds, byHeader } = await household()
  await using _ = server
  const gran = await server.addPerson(people.gran)
  const body = { isAdmin: true }
  await server.call({ method: 'PUT', path: `/api/admin/users/${gran.id}`, headers: admin.headers, body })
  const made = await server.call({
    method: 'POST',
    path: '/api/api-keys',
    headers: admin.headers,
    body: { permissions: ['all'] },
  })
  const key = { 'x-api-key': (made.body as { secret: string }).secret }
  await save(server, byHeader, { memberGroup: '', onConflict: 'refuse' })
  const { id } = await running(server, admin.headers)
  for (const headers of [gran.headers, key])
    expect((await end(server, 'confirm', { headers, id })).body).toMatchObject({ code: 'not_let_in' })
  await end(server, 'undo', { headers: gran.headers, id })

  await save(server, key, { onConflict: 'refuse' })
  expect(await running(server, admin.headers)).toBeNull()
  passSeconds(3600)
  expect((await config(server, admin.headers)).trustedHeader['onConflict']).toBe('refuse')
})

test('members neither see a probation nor end it', async () => {
  const { server, admin } = await household()
  await using _ = server
  const gran = await server.addPerson(people.gran)
  await save(server, admin.headers, { autoRegister: false })
  const { id } = await running(server, admin.headers)
  expect((await server.call({ path: `${path}/probation`, headers: gran.headers })).status).toBe(403)
  for (const how of ['confirm', 'undo'] as const)
    expect((await end(server, how, { headers: gran.headers, id })).status).toBe(403)
})

test('the trail tells who changed what, and how it ended', async () => {
  const { server, admin, passSeconds, byHeader } = await household()
  await using _ = server
  await save(server, byHeader, { networks: [peers.intruder] })
  passSeconds(60)
  await server.call({ path: '/api/users/me', headers: byHeader })
  await server.app.audit.flush()
  const answer = await server.call({
    path: '/api/admin/audit?kind=settings_changed',
    headers: admin.headers,
  })
  const { events } = answer.body as { events: { code: string | null; details: unknown }[] }
  // All in the same moment of this clock.
  expect(events.map(({ code }) => `${code}`).toSorted()).toEqual(['confirmed', 'null', 'null', 'rolled_back'])
  expect(events.map(({ details }) => details)).toContainEqual({
    'trustedHeader.networks': { before: ['127.0.0.1/32'], after: ['127.0.0.66/32'] },
  })
})
