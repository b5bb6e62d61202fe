import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { trustedHeaderDefaults } from '../src/config/trusted-header-settings.ts'
import type { Answer } from './http-call.ts'
import { peers, people, startServer, type SignedIn, type TestServer } from './start-server.ts'

const path = '/api/system-config'
const outcome = ({ status, body }: Answer) => [status, body]
type Section = Record<string, unknown>
type Document = Record<string, Section> & { trustedHeader: Section }

const open = async (server: TestServer, admin: SignedIn, at = path) =>
  (await server.call({ path: at, headers: admin.headers })).body as Document

/** Saves the document with `changes` in the trusted-header section. */
async function save(server: TestServer, admin: SignedIn, changes: Section): Promise<Answer> {
  const document = await open(server, admin)
  const body = { ...document, trustedHeader: { ...document.trustedHeader, ...changes } }
  return server.call({ method: 'PUT', path, headers: admin.headers, body })
}

/** Whether the proxy, or an intruder, can sign gran in right now. */
async function opensFor(server: TestServer, from = peers.proxy, name = 'remote-email'): Promise<boolean> {
  const answer = await server.call({ path: '/api/users/me', from, headers: { [name]: people.gran.email } })
  expect([200, 401]).toContain(answer.status)
  return answer.status === 200
}

function configFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'porchlight.yaml'), text)
  return join(folder, 'porchlight.yaml')
}

test('an admin opens the whole document, under both of its names, beside the defaults', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const document = await open(server, admin)
  expect(document.trustedHeader).toEqual(trustedHeaderDefaults)
  expect(document.trustedHeader).toMatchObject({ enabled: false, networks: [], preset: 'custom' })
  expect(Object.keys(document)).toEqual(
    expect.arrayContaining(['ffmpeg', 'oauth', 'passwordLogin', 'server', 'theme', 'trash', 'user']),
  )
  for (const other of ['/api/admin/config', `${path}/defaults`, '/api/admin/config/defaults'])
    expect(await open(server, admin, other)).toEqual(document)
})

test('turned on in the form, the header opens at the very next request; turned off, no more', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  expect(await opensFor(server)).toBe(false)
  const on = await save(server, admin, { enabled: true, networks: '127.0.0.1' })
  expect(outcome(on)).toMatchObject([200, { trustedHeader: { enabled: true, networks: ['127.0.0.1/32'] } }])
  expect(await opensFor(server)).toBe(true)
  expect(await opensFor(server, peers.intruder)).toBe(false)
  expect((await save(server, admin, { networks: [peers.intruder] })).status).toBe(200)
  expect(await opensFor(server)).toBe(false)
  expect(await opensFor(server, peers.intruder)).toBe(true)
  expect((await save(server, admin, { enabled: false })).status).toBe(200)
  expect(await opensFor(server, peers.intruder)).toBe(false)
})

test('another header name counts at once, and the old one is nobody’s', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  await save(server, admin, { enabled: true, networks: ['127.0.0.1'], headers: { email: 'X-Auth-Mail' } })
  expect(await opensFor(server, peers.proxy, 'x-auth-mail')).toBe(true)
  expect(await opensFor(server)).toBe(false)
})

test.each<[string, Section, (string | number)[], string]>([
  [
    'a prefix too long',
    { networks: ['127.0.0.1', '10.0.0.0/33'] },
    ['networks', 1],
    '"10.0.0.0/33": the prefix length is longer than 32 bits',
  ],
  [
    'an octal number',
    { networks: '010.1.2.3' },
    ['networks'],
    '"010.1.2.3": some programs read numbers with leading zeros as octal; did you mean 10.1.2.3?',
  ],
  [
    'host bits',
    { networks: ['10.3.3.7/24'] },
    ['networks', 0],
    '"10.3.3.7/24": 10.3.3.7 is one address inside that network, not its beginning; did you mean 10.3.3.0/24 or 10.3.3.7/32?',
  ],
  [
    'everybody',
    { networks: ['0.0.0.0/0'] },
    ['networks', 0],
    '"0.0.0.0/0": it trusts every IPv4 address there is, so anyone could name themselves',
  ],
  [
    'no network',
    { networks: [] },
    ['networks'],
    'Name at least one network before turning this on, or another proof that it is the proxy (unixSocket, secret, assertion)',
  ],
  [
    'an underscore in the name',
    { headers: { email: 'remote_email' } },
    ['headers', 'email'],
    'A header name has only letters, digits and dashes, like remote-email',
  ],
  ['a misspelt field', { network: ['127.0.0.1'] }, [], 'Unrecognized key: "network"'],
])(
  '%s is refused beside its field, and the old settings stay in force',
  async (_what, changes, field, message) => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    await save(server, admin, { enabled: true, networks: ['127.0.0.1'] })
    const before = await open(server, admin)

    const refused = await save(server, admin, changes)
    expect(outcome(refused)).toMatchObject([
      400,
      { message: 'Validation failed', errors: [{ path: ['trustedHeader', ...field], message }] },
    ])
    expect(await open(server, admin)).toEqual(before)
    expect(await opensFor(server)).toBe(true)
    expect(await opensFor(server, peers.intruder)).toBe(false)
  },
)

test('it cannot be turned on without a network, and stays off', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const refused = await save(server, admin, { enabled: true })
  expect(outcome(refused)).toMatchObject([
    400,
    {
      errors: [
        {
          path: ['trustedHeader', 'networks'],
          message: expect.stringContaining('Name at least one network before turning this on'),
        },
      ],
    },
  ])
  expect(await opensFor(server)).toBe(false)
})

test('the other sections are checked, kept and stripped of what nobody knows', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const document = await open(server, admin)
  const put = (body: object) => server.call({ method: 'PUT', path, headers: admin.headers, body })
  const { trash, ...without } = document
  expect(outcome(await put(without))).toMatchObject([
    400,
    { errors: [{ path: ['trash'], message: 'Invalid input: expected object, received undefined' }] },
  ])
  const wrong = { ...document, trash: { ...trash, days: 'many' } }
  expect(outcome(await put(wrong))).toMatchObject([400, { errors: [{ path: ['trash', 'days'] }] }])
  const changed = { ...document, trash: { ...trash, days: 7 }, unheardOf: { x: 1 } }
  const saved = await put(changed)
  expect(outcome(saved)).toEqual([200, { ...document, trash: { ...trash, days: 7 } }])
  expect((await server.call({ path: '/api/server/config' })).body).toMatchObject({ trashDays: 7 })
})

test('a client of Immich’s that knows nothing of the header saves without turning it off', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  await save(server, admin, { enabled: true, networks: ['127.0.0.1'] })
  const { trustedHeader: _, ...theirs } = await open(server, admin)
  const saved = await server.call({ method: 'PUT', path, headers: admin.headers, body: theirs })
  expect(outcome(saved)).toMatchObject([200, { trustedHeader: { enabled: true } }])
  expect(await opensFor(server)).toBe(true)
})

test('the form learns where each value comes from', async () => {
  const file = configFile('trustedHeader:\n  signOutUrl: https://auth.home.example/logout\n')
  await using server = await startServer({
    environment: { IMMICH_TRUSTED_REMOTE_NETWORKS: '127.0.0.1/32', PORCHLIGHT_CONFIG_FILE: file },
  })
  const admin = await server.signUpAdmin()
  await save(server, admin, { autoRegister: false })
  const { body } = await server.call({ path: `${path}/provenance`, headers: admin.headers })
  expect(body).toMatchObject({
    'trustedHeader.networks': { source: 'environment', name: 'IMMICH_TRUSTED_REMOTE_NETWORKS' },
    'trustedHeader.enabled': { source: 'environment', name: 'IMMICH_TRUSTED_REMOTE_NETWORKS' },
    'trustedHeader.signOutUrl': { source: 'file', name: file },
    'trustedHeader.autoRegister': { source: 'stored' },
    'trustedHeader.headers.email': { source: 'default' },
    'trash.days': { source: 'default' },
  })
  expect((await server.call({ path: '/api/server/features' })).body).toMatchObject({ configFile: true })
})

test('what file and environment set, the form cannot change, and the message says where it is set', async () => {
  const file = configFile('trustedHeader:\n  headers:\n    email: x-mail\n')
  await using server = await startServer({
    environment: { PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32', PORCHLIGHT_CONFIG_FILE: file },
  })
  const admin = await server.signUpAdmin()
  const refused = await save(server, admin, {
    enabled: false,
    networks: ['127.0.0.66'],
    headers: { email: 'remote-email' },
  })
  expect(outcome(refused)).toMatchObject([
    400,
    {
      message: 'Validation failed',
      errors: [
        {
          path: ['trustedHeader', 'enabled'],
          message: 'Set by PORCHLIGHT_TRUSTED_NETWORKS; change it there',
        },
        {
          path: ['trustedHeader', 'networks'],
          message: 'Set by PORCHLIGHT_TRUSTED_NETWORKS; change it there',
        },
        { path: ['trustedHeader', 'headers', 'email'], message: `Set by ${file}; change it there` },
      ],
    },
  ])
  expect(await opensFor(server, peers.proxy, 'x-mail')).toBe(true)
  expect(await opensFor(server, peers.intruder, 'x-mail')).toBe(false)
  expect(await opensFor(server)).toBe(false)
  expect((await save(server, admin, { autoRegister: false })).status).toBe(200)
})

test('a bad setting that got into the database changes nothing', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  await save(server, admin, { enabled: true, networks: ['127.0.0.1'] })
  for (const value of ['{"trustedHeader":{"enabled":true,"networks":["0.0.0.0/0"]}}', '{"trusted']) {
    await server.app.db
      .updateTable('stored_settings')
      .set({ value })
      .where('key', '=', 'system-config')
      .execute()
    expect(await opensFor(server)).toBe(true)
    expect(await opensFor(server, peers.intruder)).toBe(false)
  }
  expect((await save(server, admin, { enabled: false })).status).toBe(200)
  expect(await opensFor(server)).toBe(false)
})

test('nobody reaches the prototype through the settings', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const text = JSON.stringify(await open(server, admin))
  for (const hostile of [
    text.replace('{', '{"__proto__":{"isAdmin":true},'),
    text.replace('"trustedHeader":{', '"trustedHeader":{"__proto__":{"isAdmin":true},'),
    text.replace('{', '{"constructor":{"prototype":{"isAdmin":true}},'),
  ]) {
    const answer = await server.app.http.inject({
      method: 'PUT',
      url: path,
      headers: { ...admin.headers, 'content-type': 'application/json' },
      payload: hostile,
    })
    expect(answer.statusCode).toBe(400)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  }
})

test('members and visitors see of the settings what they need, and no network', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  await save(server, admin, { networks: ['127.0.0.1'] })
  const visitors = async () => (await server.call({ path: '/api/public/config' })).body as Document
  expect(Object.keys(await visitors())).toEqual(['oauth', 'passwordLogin', 'server', 'theme'])
  await save(server, admin, { enabled: true })
  expect((await visitors()).trustedHeader).toEqual({ enabled: true })

  const gran = await server.addPerson(people.gran)
  for (const at of [
    '/api/config',
    '/api/config/defaults',
    '/api/public/config',
    '/api/public/config/defaults',
  ]) {
    const answer = await server.call({ path: at, headers: gran.headers })
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('127.0.0.1')
    expect(answer.text).not.toMatch(/clientSecret|smtp|networks/)
  }
  expect((await server.call({ path: '/api/config' })).status).toBe(401)
})
