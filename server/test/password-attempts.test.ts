import { hashSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import { createAttemptLimit } from '../src/platform/attempt-limit.ts'
import { createSignInPlaceStore } from '../src/sessions/sign-in-place-store.ts'
import { people, peers, startServer, type TestServer } from './start-server.ts'
import { auditOf, fileWith, householdWith } from './vouching.ts'

const elsewhere = peers.intruder

/** Behind a proxy, in a moment that does not pass: a refusal itself takes a second, in which waiting may be over. */
async function stoppedHousehold(): Promise<TestServer> {
  const moment = new Date()
  const server = await startServer({
    clock: { now: () => moment },
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) },
  })
  await server.signUpAdmin()
  return server
}

async function tries(
  { call }: TestServer,
  {
    password,
    from = '127.0.0.1',
    email = people.gran.email,
    headers = {},
  }: Partial<Record<'password' | 'from' | 'email', string>> & {
    headers?: Record<string, string>
  },
) {
  const body = { email, password: password ?? 'a wrong guess' }
  return call({ method: 'POST', path: '/api/auth/login', from, headers, body })
}

const statusesOf = async (times: number, attempt: () => Promise<{ status: number }>) => {
  const statuses = []
  for (let time = 0; time < times; time++) statuses.push((await attempt()).status)
  return statuses
}

test('after five wrong passwords one has to wait, and is told for how long', async () => {
  let now = Date.now()
  await using server = await startServer({ clock: { now: () => new Date(now) } })
  await server.signUpAdmin()
  await server.addPerson(people.gran)
  expect(await statusesOf(5, () => tries(server, {}))).toEqual([401, 401, 401, 401, 401])

  const waiting = await tries(server, people.gran)
  expect([waiting.status, waiting.body, waiting.headers['retry-after']]).toEqual([
    429,
    { message: 'Too many attempts; try again in 1 second', code: 'too_many_attempts' },
    '1',
  ])
  now += 1000
  expect((await tries(server, people.gran)).status).toBe(201)
  expect((await tries(server, people.gran)).status).toBe(201)
  expect(await auditOf(server)).toContainEqual(
    expect.objectContaining({ kind: 'sign_in_refused', code: 'too_many_attempts', email: people.gran.email }),
  )
})

test('who guesses from elsewhere keeps gran out neither at home nor by header', async () => {
  await using server = await stoppedHousehold()
  await server.addPerson(people.gran)
  const statuses = await statusesOf(8, () => tries(server, { from: elsewhere }))
  expect(statuses.slice(5)).toEqual([429, 429, 429])
  expect((await tries(server, people.gran)).status).toBe(201)
  const byHeader = { path: '/api/users/me', headers: { 'remote-email': people.gran.email } }
  expect((await server.call(byHeader)).status).toBe(200)
})

test('under a flood of wrong passwords few are looked at, and whoever the proxy vouches for comes and goes', async () => {
  await using server = await householdWith({})
  await server.addPerson(people.gran)
  const before = process.memoryUsage()
  const guessing = Array.from({ length: 100 }, async (_, index) => {
    const email = index % 2 === 0 ? people.gran.email : `made-up-${index}@home.example`
    return statusesOf(3, () => tries(server, { from: elsewhere, email }))
  })
  const byHeader = { path: '/api/users/me', headers: { 'remote-email': people.gran.email } }
  const vouched = await statusesOf(100, () => server.call(byHeader))
  expect(vouched).toEqual(Array(100).fill(200))

  const statuses = (await Promise.all(guessing)).flat()
  expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([])
  // As many as one address has at once, and what it gets back while this test goes on.
  expect(statuses.filter((status) => status === 401).length).toBeLessThan(60 + 10)
  const after = process.memoryUsage()
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(64 << 20)
}, 60_000)

test('an address that nobody has waits as one that somebody has', async () => {
  await using server = await stoppedHousehold()
  const known = await statusesOf(7, () => tries(server, { email: people.admin.email }))
  const unknown = await statusesOf(7, () => tries(server, { email: 'nobody@home.example' }))
  expect(unknown).toEqual(known)
})

test('behind a proxy each client counts for itself, and none can count as another', async () => {
  await using server = await stoppedHousehold()
  await server.addPerson(people.gran)
  const guesser = { headers: { 'x-forwarded-for': '203.0.113.9' } }
  expect(await statusesOf(6, () => tries(server, guesser))).toEqual([401, 401, 401, 401, 401, 429])
  const claims = { headers: { 'x-forwarded-for': '192.0.2.1, 203.0.113.77' } }
  expect((await tries(server, claims)).status).toBe(429)
  expect((await tries(server, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(401)
  const stranger = (address: string) => ({ from: elsewhere, headers: { 'x-forwarded-for': address } })
  const statuses = []
  for (const digit of [1, 2, 3, 4, 5, 6])
    statuses.push((await tries(server, stranger(`198.51.${digit}.1`))).status)
  expect(statuses.at(-1)).toBe(429)
})

test('what many machines use up does not keep gran out where she signed in before', async () => {
  await using server = await householdWith({})
  const { id: userId } = await server.addPerson(people.gran)
  const at = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  const home = at('192.0.2.7')
  expect((await tries(server, { ...people.gran, ...home })).status).toBe(201)

  // Without hashing a hundred guesses: the limit as another process has it, on the same database.
  const clock = { now: () => new Date() }
  const limit = createAttemptLimit(clock)
  const places = createSignInPlaceStore({ db: server.app.db, clock })
  const from = (place: string) => {
    const isKnownPlace = () => places.has({ userId, place })
    return limit.begin({ subject: people.gran.email, place, isKnownPlace }).then(
      () => 'looked at',
      () => 'has to wait',
    )
  }
  for (let count = 0; count < 100; count++) expect(await from(`10.0.0.${count}`)).toBe('looked at')
  expect(await from('198.51.100.0/24')).toBe('has to wait')
  expect(await from('192.0.2.0/24')).toBe('looked at')
})

test('guessing the old password to change it is slowed down as well', async () => {
  await using server = await stoppedHousehold()
  const anna = await server.addPerson(people.anna)
  const change = (password: string) =>
    server.call({
      method: 'POST',
      path: '/api/auth/change-password',
      headers: anna.headers,
      body: { password, newPassword: 'another lamp' },
    })
  expect(await statusesOf(6, () => change('guess'))).toEqual([400, 400, 400, 400, 400, 429])
  expect((await change(people.anna.password)).status).toBe(429)
})

test('a password that came from Immich opens the account, and is kept as argon2id from then on', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  await server.addPerson(people.gran)
  const { db } = server.app
  const hash = async () =>
    (
      await db
        .selectFrom('users')
        .select('password_hash')
        .where('email', '=', people.gran.email)
        .executeTakeFirst()
    )?.password_hash
  const imported = hashSync(people.gran.password, 10)
  await db
    .updateTable('users')
    .set({ password_hash: imported })
    .where('email', '=', people.gran.email)
    .execute()

  expect((await tries(server, { password: 'wrong' })).status).toBe(401)
  expect(await hash()).toBe(imported)
  expect((await tries(server, people.gran)).status).toBe(201)
  expect(await hash()).toMatch(/^\$argon2id\$/)
  expect((await tries(server, people.gran)).status).toBe(201)
})
