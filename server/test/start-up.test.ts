import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { httpCall } from './http-call.ts'

const main = join(import.meta.dirname, '../src/main.ts')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-start-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Variables = Record<string, string>

/** The program as an operator starts it. */
function start(variables: Variables) {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORCHLIGHT_DATA_DIR: mkdtempSync(join(folder, 'data-')),
      PORCHLIGHT_HOST: '127.0.0.1',
      PORCHLIGHT_PORT: '0',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return { child, said }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

/** Starts what must not start: the code it ends with, and all it says on standard error. */
async function failedStart(variables: Variables): Promise<[number | null, string]> {
  const { child, said } = start(variables)
  await once(child, 'close')
  return [child.exitCode, said.err]
}

async function running(variables: Variables = {}) {
  const { child, said } = start(variables)
  await expect.poll(() => said.out + said.err, { timeout: 15_000 }).toMatch(/listening at http/)
  return { child, said, port: Number(/listening at http:\/\/[^"]*:(\d+)/.exec(said.out)?.[1]) }
}

const reasons: [entry: string, reason: string][] = [
  ['10.0.0.0/33', '"10.0.0.0/33": the prefix length is longer than 32 bits'],
  [
    '010.1.2.3',
    '"010.1.2.3": some programs read numbers with leading zeros as octal; did you mean 10.1.2.3?',
  ],
  [
    '10.3.3.7/24',
    '"10.3.3.7/24": 10.3.3.7 is one address inside that network, not its beginning; did you mean 10.3.3.0/24 or 10.3.3.7/32?',
  ],
]

test.each(
  reasons.flatMap(([entry, reason]) =>
    ['PORCHLIGHT_TRUSTED_NETWORKS', 'IMMICH_TRUSTED_REMOTE_NETWORKS'].map((name) => [entry, name, reason]),
  ),
)('%s in %s stops the start with one line', async (entry = '', name = '', reason = '') => {
  expect(await failedStart({ [name]: `10.4.0.0/16, ${entry}` })).toEqual([
    1,
    `Porchlight did not start. ${name}: ${reason}\n`,
  ])
})

test.each(
  reasons.flatMap(([entry, reason]) => [
    {
      entry,
      name: 'porchlight.yaml',
      text: `trustedHeader:\n  enabled: true\n  networks:\n    - ${entry}\n`,
      said: `line 4: trustedHeader.networks.0: ${reason}`,
    },
    {
      entry,
      name: 'porchlight.json',
      text: JSON.stringify({ trustedHeader: { enabled: true, networks: [entry] } }),
      said: `line 1: trustedHeader.networks.0: ${reason}`,
    },
  ]),
)('$entry in $name stops the start with one line', async ({ name, text, said }) => {
  const file = join(mkdtempSync(join(folder, 'config-')), name)
  writeFileSync(file, text)
  for (const variable of ['PORCHLIGHT_CONFIG_FILE', 'IMMICH_CONFIG_FILE']) {
    expect(await failedStart({ [variable]: file })).toEqual([
      1,
      `Porchlight did not start. ${file}, ${said}\n`,
    ])
  }
})

test.each<[string, Variables, string]>([
  [
    'the switch is on and no network is named',
    { PORCHLIGHT_TRUSTED_HEADER: 'true' },
    'PORCHLIGHT_TRUSTED_HEADER: trustedHeader.networks: Name at least one network before turning this on',
  ],
  [
    'the switch is on and nothing proves the proxy',
    { PORCHLIGHT_TRUSTED_HEADER: 'true' },
    '; in the environment: PORCHLIGHT_TRUSTED_NETWORKS',
  ],
  [
    'the secret is set twice',
    {
      PORCHLIGHT_TRUSTED_HEADER_SECRET: 'apple-cake'.repeat(4),
      PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: '/nowhere',
    },
    'PORCHLIGHT_TRUSTED_HEADER_SECRET and PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE are both set: keep one of them',
  ],
  [
    'the file of the secret is not there',
    { PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: '/nowhere' },
    'PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: /nowhere cannot be read',
  ],
  [
    'the file of the secret is empty',
    { PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: '/dev/null' },
    'PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: /dev/null is empty',
  ],
  [
    'the secret is short',
    { PORCHLIGHT_TRUSTED_HEADER_SECRET: 'apple-cake' },
    'PORCHLIGHT_TRUSTED_HEADER_SECRET: trustedHeader.secret.values.0: A shared secret has at least 32 characters',
  ],
  [
    'the preset is none',
    { PORCHLIGHT_TRUSTED_HEADER_PRESET: 'okta' },
    'PORCHLIGHT_TRUSTED_HEADER_PRESET: Invalid option: expected one of "custom"|',
  ],
  [
    'the first admin’s address is none',
    { PORCHLIGHT_ADMIN_EMAIL: 'gran' },
    'PORCHLIGHT_ADMIN_EMAIL="gran" is no e-mail address',
  ],
  [
    'a variable is misspelt',
    { PORCHLIGHT_TRUSTED_NETWORK: '10.3.3.7' },
    'PORCHLIGHT_TRUSTED_NETWORK is not a setting',
  ],
  ['the port is no port', { PORCHLIGHT_PORT: 'http' }, 'PORCHLIGHT_PORT="http" is not valid: must be'],
  [
    'the config file is not there',
    { PORCHLIGHT_CONFIG_FILE: '/nowhere.yaml' },
    'The config file /nowhere.yaml cannot be read',
  ],
  [
    'the data folder cannot be made',
    { PORCHLIGHT_DATA_DIR: '/dev/null/data' },
    'The data folder /dev/null/data cannot be used',
  ],
  [
    'the database does not answer',
    { PORCHLIGHT_DATABASE_URL: 'postgres://gran:apple-cake@127.0.0.1:1/photos' },
    'PORCHLIGHT_DATABASE_URL: the database cannot be used: connect ECONNREFUSED 127.0.0.1:1',
  ],
  [
    'the address to listen on is somebody else’s',
    { PORCHLIGHT_HOST: '192.0.2.1' },
    'Porchlight cannot listen on port 0: listen EADDRNOTAVAIL',
  ],
])('when %s, one line says so', async (_when, variables, message) => {
  const [code, line] = await failedStart(variables)
  expect(code).toBe(1)
  expect(line).toMatch(/^Porchlight did not start\. [^\n]+\n$/)
  expect(line).toContain(message)
  expect(line).not.toContain('apple-cake')
})

test('a database file that is none stops the start with one line', async () => {
  const data = mkdtempSync(join(folder, 'data-'))
  writeFileSync(join(data, 'porchlight.sqlite'), 'not a database, by any means '.repeat(100))
  expect(await failedStart({ PORCHLIGHT_DATA_DIR: data })).toEqual([
    1,
    `Porchlight did not start. The database ${join(data, 'porchlight.sqlite')} cannot be used: file is not a database\n`,
  ])
})

test('a port in use stops the start with one line', async () => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const [code, line] = await failedStart({ PORCHLIGHT_PORT: `${port}` })
  other.close()
  expect(code).toBe(1)
  expect(line).toBe(
    `Porchlight did not start. Porchlight cannot listen on port ${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
  )
})

test('a second server on the same data folder does not start, and the first goes on', async () => {
  const data = mkdtempSync(join(folder, 'data-'))
  const first = await running({ PORCHLIGHT_DATA_DIR: data })
  expect(await failedStart({ PORCHLIGHT_DATA_DIR: data })).toEqual([
    1,
    `Porchlight did not start. Another Porchlight is running on the data folder ${data}\n`,
  ])
  expect((await httpCall(first.port, { path: '/api/server/ping' })).status).toBe(200)
  first.child.kill('SIGKILL')
  await ended(first.child)
  await running({ PORCHLIGHT_DATA_DIR: data })
})

test('it says nothing on standard error while all is well, and logs nobody’s key', async () => {
  const { child, said, port } = await running({ PORCHLIGHT_LOG_LEVEL: 'trace' })
  const secret = 'very-secret-key'
  await httpCall(port, { path: `/api/users/me?apiKey=${secret}` })
  await httpCall(port, { path: '/api/users/me', headers: { cookie: `immich_access_token=${secret}` } })
  await httpCall(port, { path: `/no/such/page?sessionKey=${secret}`, headers: { accept: 'text/html' } })
  await httpCall(port, {
    method: 'POST',
    path: '/api/auth/login',
    body: { email: 'a@b.example', password: secret },
  })
  child.kill('SIGTERM')
  expect(await ended(child)).toBe(0)
  expect(said.err).toBe('')
  expect(said.out).not.toContain(secret)
  for (const line of said.out.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the server within two seconds, whoever is connected and however far an upload is',
  async (signal) => {
    const { child, port } = await running()
    const idle = connect(port, '127.0.0.1')
    idle.write('GET /api/server/ping HTTP/1.1\r\nHost: x\r\n\r\n')
    const stalled = connect(port, '127.0.0.1')
    stalled.write(
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    )
    for (const socket of [idle, stalled]) socket.on('error', () => {})
    await once(idle, 'data')
    const asked = performance.now()
    child.kill(signal)
    expect(await ended(child)).toBe(0)
    expect(performance.now() - asked).toBeLessThan(2000)
  },
)
