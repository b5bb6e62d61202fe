import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import { peers, people, startServer, type TestServer } from './start-server.ts'

const program = join(import.meta.dirname, '../src/command-line.ts')
const gran = people.gran.email

type Said = { code: number; out: string; err: string }

/** Runs `porchlight …` on the data of a server that goes on running. */
function porchlight(
  server: TestServer,
  words: string[],
  environment: Record<string, string> = {},
): Promise<Said> {
  const env = { PATH: process.env['PATH'], ...server.environment, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err })
    })
  })
}

const networks = (server: TestServer, value: string) =>
  porchlight(server, ['settings', 'set', 'trustedHeader.networks', value])

async function household(): Promise<TestServer> {
  const server = await startServer()
  await server.signUpAdmin()
  return server
}

test('an admin at the shell turns on sign-in by header, and the running server follows', async () => {
  await using server = await household()
  const asGran = () => server.call({ path: '/api/users/me', headers: { 'remote-email': gran } })
  expect((await asGran()).status).toBe(401)
  expect(await networks(server, `${peers.proxy}/32`)).toMatchObject({ code: 0, err: '' })
  await porchlight(server, ['settings', 'set', 'trustedHeader.enabled', 'true'])
  expect((await asGran()).status).toBe(200)

  const shown = await porchlight(server, ['settings', 'show'])
  expect(shown.out).toContain('trustedHeader.networks  ["127.0.0.1/32"]  (stored)')
  const reset = await porchlight(server, ['settings', 'reset', 'trustedHeader'])
  expect(reset.out).toBe('2 stored values forgotten. A running server follows at once.\n')
  expect((await asGran()).status).toBe(401)
})

test.each([
  [
    'a network that is too wide',
    ['settings', 'set', 'trustedHeader.networks', '0.0.0.0/0'],
    'trustedHeader.networks: ',
  ],
  ['a word where a switch is', ['settings', 'set', 'trustedHeader.enabled', 'yes'], 'expected boolean'],
  ['a setting that is not there', ['settings', 'set', 'trustedHeader.network', '::1'], 'There is no setting'],
  ['nothing to set it to', ['settings', 'set', 'trustedHeader.networks'], 'Something is missing'],
  ['a person who is not there', ['users', 'password', 'nobody@home.example'], 'Nobody has the address'],
  ['something that is no address', ['users', 'add', 'gran'], 'is not an e-mail address'],
  ['what is no hash', ['users', 'import-hash', people.admin.email, 'b10'], 'That is no bcrypt hash'],
  ['an address that is taken', ['users', 'add', people.admin.email], 'Email is not available'],
])('%s is refused in words, and nothing changes', async (_, words, reason) => {
  await using server = await household()
  const before = await server.countEverything()
  const said = await porchlight(server, words)
  expect(said).toMatchObject({ code: 1, out: '' })
  expect(said.err).toContain(reason)
  expect(said.err.trim().split('\n')).toHaveLength(1)
  expect(await server.countEverything()).toEqual(before)
  expect((await porchlight(server, ['settings', 'show'])).out).toBe('Every setting has its default.\n')
})

test('what the file sets is shown with the file, and not changed here', async () => {
  await using server = await household()
  const file = join(mkdtempSync(join(tmpdir(), 'porchlight-file-')), 'porchlight.yaml')
  writeFileSync(file, 'trustedHeader:\n  autoRegister: false\n')
  const environment = { PORCHLIGHT_CONFIG_FILE: file }
  const shown = await porchlight(server, ['settings', 'show'], environment)
  expect(shown.out).toContain(`trustedHeader.autoRegister  false  (set in ${file})`)
  const set = await porchlight(server, ['settings', 'set', 'trustedHeader.autoRegister', 'true'], environment)
  expect(set.err).toContain(`Set by ${file}; change it there`)
})

test('an admin who lost the password gets a new one, and is signed out everywhere', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const said = await porchlight(server, ['users', 'password', people.admin.email])
  const password = /password (\S+)\n$/.exec(said.out)?.[1]
  expect((await server.call({ path: '/api/users/me', headers: admin.headers })).status).toBe(401)
  const body = { email: people.admin.email, password }
  expect((await server.call({ method: 'POST', path: '/api/auth/login', body })).status).toBe(201)
})

test('whoever comes from Immich goes on with the password from there', async () => {
  await using server = await household()
  await porchlight(server, ['users', 'add', gran, 'Gran'])
  const said = await porchlight(server, ['users', 'import-hash', gran, hashSync(people.gran.password, 4)])
  expect(said).toMatchObject({ code: 0, err: '' })
  const body = { email: gran, password: people.gran.password }
  expect((await server.call({ method: 'POST', path: '/api/auth/login', body })).status).toBe(201)
})

test('a person added at the shell signs in, and can be made an admin and signed out', async () => {
  await using server = await household()
  const said = await porchlight(server, ['users', 'add', gran, 'Gran'])
  const body = { email: gran, password: /password (\S+)\n$/.exec(said.out)?.[1] }
  const login = await server.call({ method: 'POST', path: '/api/auth/login', body })
  const headers = { authorization: `Bearer ${(login.body as { accessToken: string }).accessToken}` }
  const me = () => server.call({ path: '/api/users/me', headers })
  expect((await me()).body).toMatchObject({ name: 'Gran', isAdmin: false, shouldChangePassword: true })
  await porchlight(server, ['users', 'make-admin', gran])
  expect((await me()).body).toMatchObject({ isAdmin: true })
  expect((await porchlight(server, ['users', 'list'])).out).toContain(`${gran}   Gran  (admin)`)
  await porchlight(server, ['users', 'sign-out', gran])
  expect((await me()).status).toBe(401)
})

test('in a folder without a library nothing is made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-empty-'))
  const said = await porchlight({ environment: { PORCHLIGHT_DATA_DIR: folder } } as unknown as TestServer, [
    'users',
    'list',
  ])
  expect(said).toMatchObject({ code: 1 })
  expect(said.err).toContain('PORCHLIGHT_DATA_DIR names the folder')
})

test('the trail tells of settings that nobody confirmed, also when it is the shell that takes them back', async () => {
  await using server = await household()
  const login = await server.call({ method: 'POST', path: '/api/auth/login', body: people.admin })
  const headers = { authorization: `Bearer ${(login.body as { accessToken: string }).accessToken}` }
  const path = '/api/system-config'
  const document = (await server.call({ path, headers })).body as { trustedHeader: object }
  const body = { ...document, trustedHeader: { ...document.trustedHeader, autoRegister: false } }
  await server.call({ method: 'PUT', path, headers, body })
  const { db } = server.app
  const stored = db.selectFrom('stored_settings').select('value').where('key', '=', 'system-config')
  const { value } = await stored.executeTakeFirstOrThrow()
  const over = value.replace(/"until":"[^"]+"/, '"until":"2026-01-01T00:00:00.000Z"')
  await db.updateTable('stored_settings').set({ value: over }).where('key', '=', 'system-config').execute()

  expect((await porchlight(server, ['settings', 'show'])).out).toBe('Every setting has its default.\n')
  const rows = await db
    .selectFrom('audit_events')
    .select('code')
    .where('kind', '=', 'settings_changed')
    .execute()
  expect(rows.map(({ code }) => code)).toContain('rolled_back')
})
