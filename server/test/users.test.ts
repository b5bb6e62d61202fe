import { expect, test } from 'vitest'
import { asCookieHeader, type Answer } from './http-call.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const admins = '/api/admin/users'
const me = '/api/users/me'
const outcome = ({ status, body }: Answer) => [status, body]
type Headers = Record<string, string>

const login = (server: TestServer, body: unknown) =>
  server.call({ method: 'POST', path: '/api/auth/login', body })
const nobodyId = '3112cd3a-f82a-483f-90bd-0c6746ee1b51'

test('an admin adds gran, with everything Immich’s form offers', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const body = {
    email: 'Gran@Home.example',
    name: ' Gran ',
    password: people.gran.password,
    storageLabel: 'gran',
    quotaSizeInBytes: 10_737_418_240,
    shouldChangePassword: true,
    notify: true,
  }
  const answer = await server.call({ method: 'POST', path: admins, headers, body })
  const { id, createdAt, updatedAt, profileChangedAt, avatarColor, ...rest } = answer.body as Record<
    string,
    string
  >
  expect(answer.status).toBe(201)
  expect([id, createdAt, updatedAt, profileChangedAt, avatarColor].every(Boolean)).toBe(true)
  expect(rest).toEqual({
    email: 'gran@home.example',
    name: 'Gran',
    profileImagePath: '',
    storageLabel: 'gran',
    shouldChangePassword: true,
    isAdmin: false,
    deletedAt: null,
    oauthId: '',
    quotaSizeInBytes: 10_737_418_240,
    quotaUsageInBytes: 0,
    status: 'active',
    license: null,
  })
  expect((await server.call({ path: `${admins}/${id}`, headers })).body).toEqual(answer.body)
  expect((await server.call({ path: admins, headers })).body).toHaveLength(2)
  expect((await server.call({ path: `${admins}?id=${id}`, headers })).body).toEqual([answer.body])
})

test.each<[object, object]>([
  [{ email: 'Admin@home.example' }, { message: 'Email is not available' }],
  [{ storageLabel: 'admin' }, { message: 'Storage label already in use by another account' }],
  [
    { email: 'gran' },
    { errors: [{ path: ['email'], message: 'Invalid input: expected email, received string' }] },
  ],
  [{ name: ' ' }, { errors: [{ path: ['name'] }] }],
  [{ password: '' }, { errors: [{ path: ['password'] }] }],
  [{ quotaSizeInBytes: -1 }, { errors: [{ path: ['quotaSizeInBytes'] }] }],
  [{ quotaSizeInBytes: 1.5 }, { errors: [{ path: ['quotaSizeInBytes'] }] }],
  [{ isAdmin: 'true' }, { errors: [{ path: ['isAdmin'] }] }],
  [{ avatarColor: 'plaid' }, { errors: [{ path: ['avatarColor'] }] }],
])('nobody is added with %j', async (wrong, body) => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const answer = await server.call({
    method: 'POST',
    path: admins,
    headers,
    body: { ...people.gran, ...wrong },
  })
  expect(outcome(answer)).toMatchObject([400, body])
  expect(await server.countEverything()).toMatchObject({ users: 1 })
})

test('what an admin may do, a member may not, and nobody may not', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const routes: [string, string][] = [
    ['GET', admins],
    ['POST', admins],
    ['GET', `${admins}/${admin.id}`],
    ['PUT', `${admins}/${gran.id}`],
    ['PATCH', `${admins}/${gran.id}`],
    ['DELETE', `${admins}/${admin.id}`],
    ['POST', `${admins}/${admin.id}/restore`],
    ['GET', `${admins}/${admin.id}/preferences`],
    ['GET', '/api/system-config'],
    ['PUT', '/api/system-config'],
    ['GET', '/api/system-config/provenance'],
    ['GET', '/api/admin/trusted-header/arrival'],
    ['GET', '/api/server/statistics'],
  ]
  // A body that would be wrong: rights are asked before the body is read.
  const body = { isAdmin: true, name: 7 }
  for (const [method, path] of routes) {
    const member = await server.call({ method, path, headers: gran.headers, body })
    expect([method, path, ...outcome(member)]).toEqual([method, path, 403, { message: 'Forbidden' }])
    const nobody = await server.call({ method, path, body })
    expect([path, ...outcome(nobody)]).toEqual([path, 401, { message: 'Authentication required' }])
  }
  expect((await server.call({ path: me, headers: gran.headers })).body).toMatchObject({ isAdmin: false })
})

test('a member made admin is one at once, and no longer at once', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const make = (isAdmin: boolean, id: string, headers: Headers) =>
    server.call({ method: 'PUT', path: `${admins}/${id}`, headers, body: { isAdmin } })
  expect((await make(true, gran.id, admin.headers)).status).toBe(200)
  expect((await server.call({ path: admins, headers: gran.headers })).status).toBe(200)
  expect((await make(false, gran.id, admin.headers)).status).toBe(200)
  expect((await server.call({ path: admins, headers: gran.headers })).status).toBe(403)
})

test('an admin cannot take the rank from himself, nor delete himself', async () => {
  await using server = await startServer()
  const { id, headers } = await server.signUpAdmin()
  const path = `${admins}/${id}`
  const demoted = await server.call({ method: 'PUT', path, headers, body: { isAdmin: false } })
  expect(outcome(demoted)).toEqual([400, { message: 'Admin status can only be changed by another admin' }])
  const same = await server.call({ method: 'PUT', path, headers, body: { isAdmin: true, name: 'Boss' } })
  expect(outcome(same)).toMatchObject([200, { isAdmin: true, name: 'Boss' }])
  const gone = await server.call({ method: 'DELETE', path, headers, body: {} })
  expect(outcome(gone)).toEqual([403, { message: 'Cannot delete your own account' }])
})

test('no member makes himself more than he is', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const body = { isAdmin: true, quotaSizeInBytes: null, storageLabel: '../admin', id: nobodyId, name: 'G' }
  const answer = await server.call({ method: 'PUT', path: me, headers: gran.headers, body })
  expect(outcome(answer)).toMatchObject([
    200,
    { id: gran.id, isAdmin: false, storageLabel: null, name: 'G', email: people.gran.email },
  ])
})

test('a deleted person is out at once, and a restored one must sign in again', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const path = `${admins}/${gran.id}`
  const deleted = await server.call({ method: 'DELETE', path, headers: admin.headers, body: {} })
  expect(outcome(deleted)).toMatchObject([200, { id: gran.id, status: 'deleted' }])
  expect(outcome(await server.call({ path: me, headers: gran.headers }))).toEqual([
    401,
    { message: 'Invalid user token' },
  ])
  expect((await login(server, people.gran)).status).toBe(401)
  expect((await server.call({ path: admins, headers: admin.headers })).body).toHaveLength(1)
  expect(
    (await server.call({ path: `${admins}?withDeleted=true`, headers: admin.headers })).body,
  ).toHaveLength(2)

  const restored = await server.call({ method: 'POST', path: `${path}/restore`, headers: admin.headers })
  expect(outcome(restored)).toMatchObject([200, { status: 'active', deletedAt: null }])
  expect((await server.call({ path: me, headers: gran.headers })).status).toBe(401)
  expect((await login(server, people.gran)).status).toBe(201)
})

test('a new password by the admin ends the sessions that the old one opened', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const body = { password: 'from the admin', shouldChangePassword: true }
  const changed = await server.call({
    method: 'PUT',
    path: `${admins}/${gran.id}`,
    headers: admin.headers,
    body,
  })
  expect(outcome(changed)).toMatchObject([200, { shouldChangePassword: true }])
  expect((await server.call({ path: me, headers: gran.headers })).status).toBe(401)
  expect((await login(server, people.gran)).status).toBe(401)
  const fresh = await login(server, { ...people.gran, password: 'from the admin' })
  const headers = { cookie: asCookieHeader(fresh.cookies) }
  const own = await server.call({ method: 'PUT', path: me, headers, body: { password: 'plum cake recipe' } })
  expect(outcome(own)).toMatchObject([200, { shouldChangePassword: false }])
  expect((await server.call({ path: me, headers })).status).toBe(200)
  expect((await server.call({ path: me, headers: admin.headers })).status).toBe(200)
})

test('a person changes what is hers, but not the address that says who she is', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const put = (body: object) => server.call({ method: 'PUT', path: me, headers: gran.headers, body })
  for (const email of ['ADMIN@home.example', 'granny@home.example']) {
    expect(outcome(await put({ email }))).toMatchObject([403, { code: 'email_is_managed' }])
  }
  expect((await put({ name: 'Granny', avatarColor: 'amber' })).body).toMatchObject({
    name: 'Granny',
    avatarColor: 'amber',
  })
  expect((await put({ avatarColor: null })).body).toMatchObject({
    avatarColor: expect.not.stringMatching('amber') as unknown,
  })
  expect(outcome(await put({ password: 'short' }))).toMatchObject([400, { errors: [{ path: ['password'] }] }])
  expect((await login(server, people.gran)).status).toBe(201)
})

test('an admin changes an address, to a free one only', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const path = `/api/admin/users/${gran.id}`
  const put = (body: object) => server.call({ method: 'PUT', path, headers: admin.headers, body })
  expect(outcome(await put({ email: 'ADMIN@home.example' }))).toEqual([
    400,
    { message: 'Email is not available' },
  ])
  expect((await put({ email: 'Granny@home.example' })).body).toMatchObject({ email: 'granny@home.example' })
  expect((await login(server, { ...people.gran, email: 'granny@home.example' })).status).toBe(201)
})

test('members see each other, without what is an admin’s to know', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const list = async (headers: Headers) =>
    (await server.call({ path: '/api/users', headers })).body as Record<string, unknown>[]
  const seen = await list(gran.headers)
  expect(seen.map(({ email }) => email)).toEqual([people.admin.email, people.gran.email])
  const fields = ['id', 'email', 'name', 'profileImagePath', 'avatarColor', 'profileChangedAt']
  for (const person of seen) expect(Object.keys(person)).toEqual(fields)
  const one = await server.call({ path: `/api/users/${admin.id}`, headers: gran.headers })
  expect(Object.keys(one.body as object)).toEqual(fields)
  const unknown = await server.call({ path: `/api/users/${nobodyId}`, headers: gran.headers })
  expect(outcome(unknown)).toEqual([400, { message: 'User not found' }])

  const path = '/api/system-config'
  const config = (await server.call({ path, headers: admin.headers })).body as { server: object }
  const body = { ...config, server: { ...config.server, publicUsers: false } }
  await server.call({ method: 'PUT', path, headers: admin.headers, body })
  expect((await list(gran.headers)).map(({ id }) => id)).toEqual([gran.id])
  expect(await list(admin.headers)).toHaveLength(2)
})

test('preferences change in the parts that are named, and in no others', async () => {
  await using server = await startServer()
  const { id, headers } = await server.signUpAdmin()
  const path = `${me}/preferences`
  const before = (await server.call({ path, headers })).body as Record<string, object>
  expect(Object.keys(before).sort()).toEqual(
    [
      'albums',
      'cast',
      'download',
      'emailNotifications',
      'folders',
      'memories',
      'people',
      'purchase',
      'ratings',
      'recentlyAdded',
      'sharedLinks',
      'tags',
    ].sort(),
  )
  const body = { memories: { enabled: false }, albums: { defaultAssetOrder: 'asc' }, unheardOf: { x: 1 } }
  const changed = await server.call({ method: 'PUT', path, headers, body })
  const expected = {
    ...before,
    memories: { ...before['memories'], enabled: false },
    albums: { defaultAssetOrder: 'asc' },
  }
  expect(outcome(changed)).toEqual([200, expected])
  await server.call({ method: 'PATCH', path, headers, body: { memories: { duration: 9 } } })
  const after = (await server.call({ path, headers })).body
  expect(after).toEqual({ ...expected, memories: { ...expected.memories, duration: 9 } })
  expect((await server.call({ path: `${admins}/${id}/preferences`, headers })).body).toEqual(after)
  const unknown = await server.call({ path: `${admins}/${nobodyId}/preferences`, headers })
  expect(outcome(unknown)).toEqual([400, { message: 'User not found' }])
})

test.each([
  { memories: { enabled: 'no' } },
  { memories: null },
  { people: { minimumFaces: 0 } },
  { albums: { defaultAssetOrder: 'random' } },
  { purchase: { hideBuyButtonUntil: 'x'.repeat(100_000) } },
])('preferences are not set to nonsense: case %#', async (body) => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const path = `${me}/preferences`
  const before = (await server.call({ path, headers })).body
  const answer = await server.call({ method: 'PUT', path, headers, body })
  expect(outcome(answer)).toMatchObject([400, { message: 'Validation failed' }])
  expect((await server.call({ path, headers })).body).toEqual(before)
})

test('nobody reaches the prototype through preferences', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const path = `${me}/preferences`
  for (const text of [
    '{"__proto__": {"isAdmin": true}}',
    '{"memories": {"__proto__": {"enabled": false}}}',
    '{"constructor": {"prototype": {"isAdmin": true}}}',
  ]) {
    const answer = await server.app.http.inject({
      method: 'PUT',
      url: path,
      headers: { ...headers, 'content-type': 'application/json' },
      payload: text,
    })
    expect(answer.statusCode).toBe(400)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  }
  expect((await server.call({ path, headers })).body).toMatchObject({ memories: { enabled: true } })
})

test('a person is welcomed once', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const path = `${me}/onboarding`
  expect((await server.call({ path, headers })).body).toEqual({ isOnboarded: false })
  const done = await server.call({ method: 'PUT', path, headers, body: { isOnboarded: true } })
  expect(outcome(done)).toEqual([200, { isOnboarded: true }])
  expect((await server.call({ path, headers })).body).toEqual({ isOnboarded: true })
  expect((await login(server, people.admin)).body).toMatchObject({ isOnboarded: true })
})
