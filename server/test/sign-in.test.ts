import { expect, test } from 'vitest'
import { asCookieHeader, type Answer } from './http-call.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const me = '/api/users/me'
const login = (server: TestServer, body: unknown, headers: Record<string, string> = {}) =>
  server.call({ method: 'POST', path: '/api/auth/login', body, headers })
const signUp = (server: TestServer, body: unknown, headers: Record<string, string> = {}) =>
  server.call({ method: 'POST', path: '/api/auth/admin-sign-up', body, headers })
const outcome = ({ status, body }: Answer) => [status, body]
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown

test('the first admin registers, in Immich’s words', async () => {
  await using server = await startServer()
  const answer = await signUp(server, people.admin)
  expect(outcome(answer)).toEqual([
    201,
    {
      id: uuid,
      email: 'admin@home.example',
      name: 'Admin',
      profileImagePath: '',
      avatarColor: expect.stringMatching(/^[a-z]+$/) as unknown,
      profileChangedAt: isoTime,
      storageLabel: 'admin',
      shouldChangePassword: expect.any(Boolean) as unknown,
      isAdmin: true,
      createdAt: isoTime,
      deletedAt: null,
      updatedAt: isoTime,
      oauthId: '',
      quotaSizeInBytes: null,
      quotaUsageInBytes: 0,
      status: 'active',
      license: null,
    },
  ])
  expect(answer.cookies).toEqual({})
})

test.each<[string, Record<string, string>]>([
  ['?key=x', {}],
  ['?a=?key=x', {}],
  ['?slug=', {}],
  ['', { 'x-api-key': 'x' }],
  ['', { 'x-immich-user-token': '' }],
  ['', { 'x-immich-share-key': 'x' }],
  ['', { authorization: 'Bearer x' }],
])(
  'nobody whom a portal let past for a made-up credential (%j, %j) is the first admin',
  async (query, headers) => {
    await using server = await startServer()
    const path = `/api/auth/admin-sign-up${query}`
    const answer = await server.call({ method: 'POST', path, headers, body: people.admin })
    expect([answer.status, await server.countEverything()]).toEqual([400, { users: 0, sessions: 0 }])
    expect(await signUp(server, people.admin, { authorization: 'Basic eDp5' })).toMatchObject({ status: 201 })
  },
)

test('there is one first admin', async () => {
  await using server = await startServer()
  await signUp(server, people.admin)
  const again = await signUp(server, people.anna)
  expect(outcome(again)).toEqual([400, { message: 'The server already has an admin' }])
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 0 })
})

test('twenty sign-ups at once make one admin', async () => {
  await using server = await startServer()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      signUp(server, { ...people.admin, email: `a${index}@home.example` }),
    ),
  )
  const late = answers.filter(({ status }) => status !== 201)
  expect(late.map(outcome)).toEqual(
    Array.from({ length: 19 }, () => [400, { message: 'The server already has an admin' }]),
  )
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 0 })
})

test('another site cannot register the first admin from a visitor’s browser, nor sign a visitor in', async () => {
  await using server = await startServer()
  const proofs: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  const refused = [403, { message: 'The request came from another site', code: 'cross_origin' }]
  for (const proof of proofs) expect(outcome(await signUp(server, people.admin, proof))).toEqual(refused)
  expect(await server.countEverything()).toEqual({ users: 0, sessions: 0 })
  await signUp(server, people.admin, { origin: `http://127.0.0.1:${server.port}` })
  for (const proof of proofs) {
    const answer = await login(server, people.admin, proof)
    expect(outcome(answer)).toEqual(refused)
    expect(answer.cookies).toEqual({})
  }
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 0 })
})

test('signing in sets exactly Immich’s three cookies', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const answer = await login(server, people.admin)
  const { accessToken } = answer.body as { accessToken: string }
  expect(accessToken).toMatch(/^[A-Za-z0-9]{30,43}$/)
  expect(outcome(answer)).toEqual([
    201,
    {
      accessToken,
      userId: admin.id,
      userEmail: 'admin@home.example',
      name: 'Admin',
      isAdmin: true,
      profileImagePath: '',
      shouldChangePassword: expect.any(Boolean) as unknown,
      isOnboarded: false,
    },
  ])
  const expires = /Expires=[^;]+/.exec(answer.headers['set-cookie']?.[0] ?? '')?.[0]
  const common = `Max-Age=34560000; Path=/; ${expires}`
  expect(answer.headers['set-cookie']).toEqual([
    `immich_access_token=${accessToken}; ${common}; HttpOnly; SameSite=Lax`,
    `immich_auth_type=password; ${common}; HttpOnly; SameSite=Lax`,
    `immich_is_authenticated=true; ${common}; SameSite=Lax`,
  ])
  const days = (Date.parse(expires?.slice(8) ?? '') - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(400)
})

test('a token that was in the browser before is worth nothing after signing in', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const planted = 'A'.repeat(43)
  const answer = await login(server, people.admin, { cookie: `immich_access_token=${planted}` })
  expect(answer.cookies.immich_access_token).not.toBe(planted)
  const old = await server.call({ path: me, headers: { cookie: `immich_access_token=${planted}` } })
  expect(outcome(old)).toEqual([401, { message: 'Invalid user token' }])
})

test('an address in any case is the same person’s', async () => {
  await using server = await startServer()
  await signUp(server, { ...people.admin, email: 'Admin@HOME.example' })
  const answer = await login(server, { email: 'aDMIN@home.EXAMPLE', password: people.admin.password })
  expect(answer.body).toMatchObject({ userEmail: 'admin@home.example' })
})

test('a wrong password, an unknown address and a deleted person get the same answer', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const anna = await server.addPerson(people.anna)
  await server.call({
    method: 'DELETE',
    path: `/api/admin/users/${anna.id}`,
    headers: admin.headers,
    body: {},
  })
  const before = await server.countEverything()
  for (const body of [
    { email: people.admin.email, password: 'wrong' },
    { email: people.admin.email, password: `${people.admin.password} ` },
    { email: people.gran.email, password: people.admin.password },
    { email: people.anna.email, password: people.anna.password },
  ]) {
    const answer = await login(server, body)
    expect(outcome(answer)).toEqual([401, { message: 'Incorrect email or password' }])
    expect(answer.cookies).toEqual({})
  }
  expect(await server.countEverything()).toEqual(before)
})

const notAnEmail = (received: string) => ({
  path: ['email'],
  message: `Invalid input: expected email, received ${received}`,
})
test.each<[unknown, object[]]>([
  [
    { email: 'not-an-email' },
    [notAnEmail('string'), { code: 'invalid_type', expected: 'string', path: ['password'] }],
  ],
  [{ password: 'x' }, [notAnEmail('undefined')]],
  [{ email: null, password: 'x' }, [notAnEmail('null')]],
  [{ email: { $gt: '' }, password: 'x' }, [notAnEmail('object')]],
  [{ email: ['a@b.example'], password: 'x' }, [notAnEmail('array')]],
  [{ email: 'Kate@home.example'.replace('K', '\u212A'), password: 'x' }, [notAnEmail('string')]],
  [
    { email: 'a@b.example', password: '' },
    [{ path: ['password'], message: 'Too small: expected string to have >=1 characters' }],
  ],
  [
    { email: 'a@b.example', password: 'x'.repeat(1025) },
    [{ path: ['password'], message: 'Too big: expected string to have <=1024 characters' }],
  ],
  [[], [{ path: [], message: 'Invalid input: expected object, received array' }]],
])('a sign-in that cannot be right says what is wrong: case %#', async (body, errors) => {
  await using server = await startServer()
  const answer = await login(server, body)
  expect(outcome(answer)).toMatchObject([400, { message: 'Validation failed', errors }])
  expect((answer.body as { errors: unknown[] }).errors).toHaveLength(errors.length)
})

test('with sign-in by password switched off nobody gets in by one, and nobody learns who exists', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const path = '/api/system-config'
  const config = (await server.call({ path, headers: admin.headers })).body as object
  const off = { ...config, passwordLogin: { enabled: false } }
  expect((await server.call({ method: 'PUT', path, headers: admin.headers, body: off })).status).toBe(200)
  for (const body of [people.admin, people.gran]) {
    expect(outcome(await login(server, body))).toEqual([401, { message: 'Password login has been disabled' }])
  }
  expect((await server.call({ path: me, headers: admin.headers })).status).toBe(200)
})

test('signing out ends this session alone and clears the cookies', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const other = await login(server, people.admin)
  const cookie = asCookieHeader(other.cookies)
  const answer = await server.call({ method: 'POST', path: '/api/auth/logout', headers: { cookie } })
  expect(outcome(answer)).toEqual([200, { successful: true, redirectUri: '/auth/login?autoLaunch=0' }])
  expect(answer.headers['set-cookie']).toEqual(
    ['immich_access_token', 'immich_auth_type', 'immich_is_authenticated'].map(
      (name) => `${name}=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax`,
    ),
  )
  expect(answer.headers['clear-site-data']).toBe('"cache", "storage"')
  const after = await server.call({ path: me, headers: { cookie } })
  expect(outcome(after)).toEqual([401, { message: 'Invalid user token' }])
  expect((await server.call({ path: me, headers: admin.headers })).status).toBe(200)
  const nobody = await server.call({ method: 'POST', path: '/api/auth/logout' })
  expect(outcome(nobody)).toEqual([401, { message: 'Authentication required' }])
})

test('a client can ask whether its token is good', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const validate = (headers: Record<string, string>, path = '/api/auth/validateToken') =>
    server.call({ method: 'POST', path, headers })
  const good = [
    admin.headers,
    { cookie: admin.cookie },
    { 'x-immich-user-token': admin.token },
    { 'x-immich-session-token': admin.token },
  ]
  for (const headers of good) expect(outcome(await validate(headers))).toEqual([200, { authStatus: true }])
  const inAddress = await validate({}, `/api/auth/validateToken?sessionKey=${admin.token}`)
  expect(inAddress.status).toBe(200)
  const bad = await validate({ authorization: `Bearer ${admin.token}x` })
  expect(outcome(bad)).toEqual([401, { message: 'Invalid user token' }])
  expect(outcome(await validate({}))).toEqual([401, { message: 'Authentication required' }])
  const status = await server.call({ path: '/api/auth/status', headers: admin.headers })
  expect(outcome(status)).toEqual([200, { pinCode: false, password: true, isElevated: false }])
})

test('a new password ends every other session, and the old one opens nothing', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const anna = await server.addPerson(people.anna)
  const other = await login(server, people.gran)
  const change = (body: unknown) =>
    server.call({ method: 'POST', path: '/api/auth/change-password', headers: gran.headers, body })
  const wrong = await change({ password: 'guess', newPassword: 'long enough' })
  expect(outcome(wrong)).toEqual([400, { message: 'Wrong password' }])
  const short = await change({ password: people.gran.password, newPassword: 'short' })
  expect(outcome(short)).toMatchObject([400, { errors: [{ path: ['newPassword'] }] }])
  expect((await server.call({ path: me, headers: { cookie: asCookieHeader(other.cookies) } })).status).toBe(
    200,
  )

  const changed = await change({ password: people.gran.password, newPassword: 'plum cake recipe' })
  expect(outcome(changed)).toMatchObject([200, { id: gran.id, shouldChangePassword: false }])
  const left = await server.call({ path: me, headers: { cookie: asCookieHeader(other.cookies) } })
  expect(outcome(left)).toEqual([401, { message: 'Invalid user token' }])
  for (const headers of [gran.headers, anna.headers])
    expect((await server.call({ path: me, headers })).status).toBe(200)
  expect((await login(server, people.gran)).status).toBe(401)
  expect((await login(server, { ...people.gran, password: 'plum cake recipe' })).status).toBe(201)
})

test('a person sees her own sessions and ends them one by one', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  await login(server, people.gran, { 'user-agent': 'immich-ios/3.2.2' })
  const list = async () =>
    (await server.call({ path: '/api/sessions', headers: gran.headers })).body as {
      id: string
      current: boolean
    }[]
  const found = await list()
  expect(found).toEqual(
    expect.arrayContaining([
      {
        id: uuid,
        createdAt: isoTime,
        updatedAt: isoTime,
        current: true,
        appVersion: null,
        deviceOS: '',
        deviceType: '',
        isPendingSyncReset: false,
      },
      expect.objectContaining({ current: false, appVersion: '3.2.2', deviceType: 'Immich app' }),
    ]),
  )
  expect(found).toHaveLength(2)
  const end = (id: string, headers: Record<string, string>) =>
    server.call({ method: 'DELETE', path: `/api/sessions/${id}`, headers })
  const other = found.find(({ current }) => !current)?.id ?? ''
  const foreign = await end(other, admin.headers)
  expect(outcome(foreign)).toEqual([400, { message: 'Not found or no authDevice.delete access' }])
  expect((await end(other, gran.headers)).status).toBe(204)
  expect(await list()).toHaveLength(1)
  await login(server, people.gran)
  expect((await server.call({ method: 'DELETE', path: '/api/sessions', headers: gran.headers })).status).toBe(
    204,
  )
  expect(await list()).toMatchObject([{ current: true }])
  expect((await server.call({ path: me, headers: admin.headers })).status).toBe(200)
})

test('a session nobody used for ninety days is over; one in use goes on', async () => {
  let now = new Date('2026-01-01T12:00:00.000Z')
  await using server = await startServer({ clock: { now: () => now } })
  const used = await server.signUpAdmin()
  const idle = await login(server, people.admin)
  const headers = { cookie: asCookieHeader(idle.cookies) }
  const after = (days: number) => {
    now = new Date(now.getTime() + days * 86_400_000)
  }
  after(60)
  expect((await server.call({ path: me, headers: used.headers })).status).toBe(200)
  after(31)
  expect((await server.call({ path: me, headers: used.headers })).status).toBe(200)
  const over = await server.call({ path: me, headers })
  expect(outcome(over)).toEqual([401, { message: 'Invalid user token' }])
  expect((await server.call({ path: '/api/sessions', headers: used.headers })).body).toHaveLength(1)
})

test('no token and no password is kept as it was typed', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const rows = [
    ...(await server.app.db.selectFrom('sessions').selectAll().execute()),
    ...(await server.app.db.selectFrom('users').selectAll().execute()),
  ]
  expect(JSON.stringify(rows)).not.toContain(admin.token)
  expect(JSON.stringify(rows)).not.toContain(people.admin.password)
})

test('an answer that depends on who asks is kept by no cache', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  for (const headers of [admin.headers, {}]) {
    const answer = await server.call({ path: me, headers })
    expect(answer.headers['cache-control']).toBe('private, no-store')
    expect(answer.headers['x-porchlight-identity']).toMatch(/^([\w-]{22}|nobody)$/)
  }
})

test('a person behind many tries does not wait for them, and none gets in', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const tries = Array.from({ length: 300 }, (_, index) =>
    login(server, { email: people.admin.email, password: `guess ${index}` }),
  )
  const ping = await server.call({ path: '/api/server/ping' })
  expect(ping.body).toEqual({ res: 'pong' })
  const statuses = (await Promise.all(tries)).map(({ status }) => status)
  expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([])
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
})

test('the first admin cannot choose a password shorter than eight characters', async () => {
  await using server = await startServer()
  const body = { ...people.admin, password: 'sevenoh' }
  const answer = await server.call({ method: 'POST', path: '/api/auth/admin-sign-up', body })
  expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path: ['password'] }] }])
  expect(await server.countEverything()).toMatchObject({ users: 0 })
})
