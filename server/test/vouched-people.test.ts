import { expect, test } from 'vitest'
import { asCookieHeader } from './http-call.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { asks, auditOf, fileWith, householdWith, opensPage, outcome } from './vouching.ts'

const gran = people.gran.email
const anna = people.anna.email
const ids = { headers: { id: 'remote-id' } }
const said = (email: string, more: Record<string, string> = {}) => ({ 'remote-email': email, ...more })
const withId = (email: string, id: string) => said(email, { 'remote-id': id })

const isAdmin = async ({ app }: TestServer, email: string) =>
  (await app.db.selectFrom('users').select('is_admin').where('email', '=', email).executeTakeFirst())
    ?.is_admin === 1
const kinds = async (server: TestServer) => (await auditOf(server)).map(({ kind }) => kind)

test('gran’s account follows her id to a new mailbox, and her old address is free', async () => {
  await using server = await householdWith(ids)
  const first = (await asks(server, withId(gran, '7'))).body as { id: string }
  const moved = await asks(server, withId('granny@home.example', '7'))
  expect(outcome(moved)).toMatchObject({ status: 200, id: first.id, email: 'granny@home.example' })
  expect(outcome(await asks(server, withId(gran, '8')))).toMatchObject({ status: 200, email: gran })
  expect(await server.countEverything()).toMatchObject({ users: 3 })
  expect(await kinds(server)).toEqual(expect.arrayContaining(['first_sight', 'email_followed_id']))
})

test('whoever is given gran’s old mailbox is not given her photos', async () => {
  await using server = await householdWith(ids)
  await asks(server, withId(gran, '7'))
  const stranger = await asks(server, withId(gran, '8'))
  expect(outcome(stranger)).toEqual({ status: 401, message: 'Authentication required', code: 'id_mismatch' })
  expect(await server.countEverything()).toMatchObject({ users: 2 })
  const told = (await auditOf(server)).filter(({ code }) => code === 'id_mismatch')
  expect(told.map(({ kind, email }) => [kind, email])).toEqual(
    expect.arrayContaining([
      ['identity_mismatch', gran],
      ['sign_in_refused', gran],
    ]),
  )
})

test('where an address is another account’s already, gran keeps hers and gets in by her id', async () => {
  await using server = await householdWith(ids)
  const first = (await asks(server, withId(gran, '7'))).body as { id: string }
  await asks(server, withId(anna, '9'))
  const taken = await asks(server, withId(anna, '7'))
  expect(outcome(taken)).toMatchObject({ status: 200, id: first.id, email: gran })
  expect(await auditOf(server)).toContainEqual(
    expect.objectContaining({ kind: 'email_followed_id', code: 'email_taken', email: gran }),
  )
})

test('an account that was there before is bound to the first id that comes with its address', async () => {
  await using server = await householdWith(ids)
  const { id } = await server.addPerson(people.anna)
  expect((await asks(server, withId(anna, '9'))).body).toMatchObject({ id })
  expect(outcome(await asks(server, withId(anna, '10')))).toMatchObject({ status: 401, code: 'id_mismatch' })
  expect(await kinds(server)).toEqual(expect.arrayContaining(['id_bound', 'account_linked']))
})

test('a person without the id that was asked for does not get in', async () => {
  await using server = await householdWith(ids)
  expect(outcome(await asks(server, said(gran)))).toMatchObject({ status: 401, code: 'no_id' })
  expect(await server.countEverything()).toMatchObject({ users: 1 })
})

test.each<[string, (index: number) => string, number]>([
  ['one id', () => '7', 20],
  ['an id each, with one address', (index) => `${index}`, 1],
])('twenty first requests at once with %s make one account', async (_title, idOf, letIn) => {
  await using server = await householdWith(ids)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => asks(server, withId(gran, idOf(index)))),
  )
  const inside = answers.filter(({ status }) => status === 200)
  expect(new Set(inside.map(({ body }) => (body as { id: string }).id)).size).toBe(1)
  expect(inside).toHaveLength(letIn)
  expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true)
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})

test('a session goes on when gran’s address changes, and ends when her address comes with another id', async () => {
  await using server = await householdWith(ids)
  const cookie = await opensPage(server, withId(gran, '7'))
  const moved = await asks(server, { cookie, ...withId('granny@home.example', '7') })
  expect(outcome(moved)).toMatchObject({ status: 200, email: 'granny@home.example' })
  const other = await asks(server, { cookie, ...withId('granny@home.example', '8') })
  expect(outcome(other)).toMatchObject({ status: 401, code: 'id_mismatch' })
  expect(other.cookies.immich_access_token).toBe('')
  expect(await server.countEverything()).toMatchObject({ sessions: 1 })
})

test('a session whose address comes with the id of another account is that account’s from now on', async () => {
  await using server = await householdWith(ids)
  const cookie = await opensPage(server, withId(gran, '7'))
  await asks(server, withId(anna, '9'))
  // As for an account from before ids were read.
  await server.app.db.updateTable('users').set({ header_id: null }).where('email', '=', gran).execute()
  const answer = await asks(server, { cookie, ...withId(gran, '9') })
  expect(outcome(answer)).toMatchObject({ status: 401, code: 'identity_changed' })
  const next = await asks(server, { cookie: asCookieHeader(answer.cookies), ...withId(gran, '9') })
  expect(outcome(next)).toMatchObject({ status: 200, email: anna })
})

const groups = { memberGroup: 'family' }
test('only members of the group get in, and leaving it ends a session at once', async () => {
  await using server = await householdWith(groups)
  for (const list of ['', 'cats', 'Family', 'family admins', undefined]) {
    const headers = said(gran, list === undefined ? {} : { 'remote-groups': list })
    expect([list, outcome(await asks(server, headers))]).toMatchObject([
      list,
      { status: 401, code: 'not_a_member' },
    ])
  }
  expect(await server.countEverything()).toMatchObject({ users: 1 })
  const member = said(gran, { 'remote-groups': 'cats,family' })
  const cookie = await opensPage(server, member)
  expect((await asks(server, { cookie, ...member })).status).toBe(200)
  const left = await asks(server, { cookie, ...said(gran, { 'remote-groups': 'cats' }) })
  expect(outcome(left)).toMatchObject({ status: 401, code: 'not_a_member' })
  expect(await server.countEverything()).toMatchObject({ sessions: 1 })
})

const admins = { adminGroup: 'admins' }
const inAdmins = { 'remote-groups': 'family,admins' }
test('the group makes admins and takes it back, on the very next request of a session too', async () => {
  await using server = await householdWith(admins)
  const cookie = await opensPage(server, said(gran, inAdmins))
  const list = (headers: Record<string, string>) =>
    server.call({ path: '/api/admin/users', headers: { cookie, ...headers } })
  expect((await list(said(gran, inAdmins))).status).toBe(200)
  expect((await list(said(gran))).status).toBe(403)
  expect(await isAdmin(server, gran)).toBe(false)
  expect((await list(said(gran, inAdmins))).status).toBe(200)
  expect((await list(said(gran, { 'remote-groups': '' }))).status).toBe(403)
  expect((await kinds(server)).filter((kind) => kind.startsWith('admin_'))).toEqual([
    'admin_granted',
    'admin_withdrawn',
    'admin_granted',
    'admin_withdrawn',
  ])
})

test('the last admin stays one whatever the groups say', async () => {
  await using server = await householdWith(admins)
  for (let attempt = 0; attempt < 3; attempt++)
    expect((await asks(server, said(people.admin.email))).body).toMatchObject({ isAdmin: true })
  expect((await auditOf(server)).filter(({ code }) => code === 'last_admin')).toHaveLength(1)
})

test('of two admins who leave the group in the same moment one stays', async () => {
  await using server = await householdWith(admins)
  for (let round = 0; round < 5; round++) {
    for (const email of [gran, people.admin.email]) await asks(server, said(email, inAdmins))
    await Promise.all([gran, people.admin.email].map((email) => asks(server, said(email))))
    const left = await server.app.db.selectFrom('users').select('id').where('is_admin', '=', 1).execute()
    expect(left).toHaveLength(1)
  }
})

test('an admin cannot take the last other admin’s rights while the group takes his own', async () => {
  await using server = await householdWith(admins)
  await asks(server, said(gran, inAdmins))
  const { id } = (await asks(server, said(gran, inAdmins))).body as { id: string }
  await asks(server, said(people.admin.email, inAdmins))
  const demote = { method: 'PUT', path: `/api/admin/users/${id}`, body: { isAdmin: false } }
  await Promise.all([
    server.call({ ...demote, headers: said(people.admin.email, inAdmins) }),
    asks(server, said(people.admin.email)),
  ])
  const left = await server.app.db.selectFrom('users').select('id').where('is_admin', '=', 1).execute()
  expect(left.length).toBeGreaterThan(0)
})

test('on an empty install neither the group nor another address makes an admin; the named address does, once', async () => {
  const environment = {
    PORCHLIGHT_CONFIG_FILE: fileWith(admins),
    PORCHLIGHT_ADMIN_EMAIL: 'Gran@Home.example',
  }
  await using server = await startServer({ environment })
  expect(outcome(await asks(server, said(anna, inAdmins)))).toMatchObject({
    status: 401,
    code: 'no_admin_yet',
  })
  expect(
    outcome(await server.call({ path: '/api/users/me', from: peers.intruder, headers: said(gran) })),
  ).toEqual({
    status: 401,
    message: 'Authentication required',
  })
  expect(await server.countEverything()).toMatchObject({ users: 0 })
  const answers = await Promise.all(Array.from({ length: 20 }, () => asks(server, said(gran, inAdmins))))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect((await asks(server, said(gran, inAdmins))).body).toMatchObject({ isAdmin: true })
  expect((await asks(server, said(anna))).body).toMatchObject({ isAdmin: false })
  const late = await server.call({ method: 'POST', path: '/api/auth/admin-sign-up', body: people.admin })
  expect(late.status).toBe(400)
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})

test('name and quota follow at sign-in; what was not sent stays, and groups in the name are no groups', async () => {
  await using server = await householdWith({
    headers: { quota: 'remote-quota' },
    syncProfile: ['name', 'quota'],
  })
  const zoe = Buffer.from('Zoë 祖母').toString('latin1')
  expect(
    (await asks(server, said(gran, { 'remote-name': zoe, 'remote-quota': '5 MiB' }))).body,
  ).toMatchObject({
    name: 'Zoë 祖母',
    quotaSizeInBytes: 5 * 1024 * 1024,
  })
  expect((await asks(server, said(gran))).body).toMatchObject({
    name: 'Zoë 祖母',
    quotaSizeInBytes: 5 * 1024 * 1024,
  })
  const cleared = said(gran, { 'remote-name': '', 'remote-quota': 'none' })
  expect((await asks(server, cleared)).body).toMatchObject({ name: 'Zoë 祖母', quotaSizeInBytes: null })
})

test('linking never: an account with a password stays closed to the header, and is told in the audit', async () => {
  await using server = await householdWith({ linkExisting: 'never' })
  await server.addPerson(people.anna)
  expect(outcome(await asks(server, said(anna)))).toMatchObject({ status: 401, code: 'account_not_linked' })
  expect(outcome(await asks(server, said(gran)))).toMatchObject({ status: 200 })
  expect(await auditOf(server)).toContainEqual(
    expect.objectContaining({
      kind: 'sign_in_refused',
      code: 'account_not_linked',
      email: anna,
      peer: peers.proxy,
    }),
  )
})

test('a person whom nothing changes costs no write', async () => {
  await using server = await householdWith({ ...ids, ...admins })
  const headers = withId(gran, '7')
  await asks(server, headers)
  const before = await server.app.db.selectFrom('users').select(['id', 'updated_at']).execute()
  const cookie = await opensPage(server, headers)
  for (let attempt = 0; attempt < 5; attempt++) {
    await asks(server, headers)
    await asks(server, { ...headers, cookie })
  }
  expect(await server.app.db.selectFrom('users').select(['id', 'updated_at']).execute()).toEqual(before)
})

test('a key of anna’s with gran’s header is anna’s, and the audit says so; a stranger’s header is told as a spoof', async () => {
  await using server = await householdWith({})
  const { headers: annas } = await server.addPerson(people.anna)
  expect((await asks(server, { ...annas, ...said(gran) })).body).toMatchObject({ email: anna })
  const spoofed = { path: '/api/users/me', from: peers.intruder, headers: { ...annas, ...said(gran) } }
  for (let attempt = 0; attempt < 3; attempt++)
    expect((await server.call(spoofed)).body).toMatchObject({ email: anna })
  await server.call({ path: '/api/users/me', from: peers.intruder })
  const told = await auditOf(server)
  expect(told).toContainEqual(
    expect.objectContaining({ kind: 'credential_conflict', email: gran, peer: peers.proxy }),
  )
  const spoofs = told.filter(({ kind }) => kind === 'spoof_refused')
  expect(spoofs).toMatchObject([{ code: 'untrusted_peer', peer: peers.intruder, count: 3 }])
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})
