import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { httpCall } from './http-call.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const gran = people.gran.email
const me = '/api/users/me'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-socket-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** One request through a unix socket: the status, and who was believed to be there. */
function callBy(
  socketPath: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: me, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function household(section: Record<string, unknown>): Promise<TestServer & { path: string }> {
  const folder = newFolder()
  const file = join(folder, 'porchlight.json')
  writeFileSync(file, JSON.stringify({ trustedHeader: { enabled: true, ...section } }))
  const server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await server.signUpAdmin()
  const path = join(folder, 'http.sock')
  await server.app.listeners.listen([{ path }])
  return { ...server, path }
}

test('where the unix socket is trusted, the proxy behind it may name gran, and nobody else may', async () => {
  await using server = await household({ unixSocket: true })
  const bySocket = await callBy(server.path, { 'remote-email': gran })
  expect(bySocket.status).toBe(200)
  expect(bySocket.text).toContain(gran)
  const byPort = await server.call({ path: me, headers: { 'remote-email': gran } })
  expect([byPort.status, byPort.body]).toEqual([401, { message: 'Authentication required' }])
})

test('a unix socket is nobody’s proxy until it is said to be', async () => {
  await using server = await household({ networks: ['127.0.0.1/32'] })
  expect((await callBy(server.path, { 'remote-email': gran })).status).toBe(401)
  expect((await server.call({ path: me, headers: { 'remote-email': gran } })).status).toBe(200)
})

test('the socket file is closed to others, and gone when the server ends', async () => {
  const path = await (async () => {
    await using server = await household({ unixSocket: true })
    expect((statSync(server.path).mode & 0o777).toString(8)).toBe('660')
    return server.path
  })()
  expect(existsSync(path)).toBe(false)
})

const main = join(import.meta.dirname, '../src/main.ts')

/** The program with `PORCHLIGHT_LISTEN`: all it says until it listens or ends. */
async function start(listen: string) {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORCHLIGHT_DATA_DIR: mkdtempSync(join(newFolder(), 'data-')),
      PORCHLIGHT_LISTEN: listen,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const places = listen.split(',').length
  await expect
    .poll(() => child.exitCode !== null || (said.match(/istening at/g) ?? []).length >= places, {
      timeout: 20_000,
    })
    .toBe(true)
  return { child, said: () => said }
}

test('PORCHLIGHT_LISTEN names several places, and a socket that a killed server left behind is taken over', async () => {
  const path = join(newFolder(), 'http.sock')
  const first = await start(`unix:${path}`)
  expect((await callBy(path, {})).status).toBe(401)
  expect((statSync(path).mode & 0o777).toString(8)).toBe('660')

  const second = await start(path)
  expect([second.child.exitCode, second.said()]).toEqual([
    1,
    `Porchlight did not start. PORCHLIGHT_LISTEN: another program listens on ${path}\n`,
  ])
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  expect(existsSync(path)).toBe(true)

  const third = await start(`127.0.0.1:0, ${path}`)
  expect(third.child.exitCode).toBe(null)
  const port = Number(/listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(third.said())?.[1])
  expect((await httpCall(port, { path: '/api/server/ping' })).status).toBe(200)
  expect((await callBy(path, {})).status).toBe(401)
  third.child.kill('SIGTERM')
  await once(third.child, 'exit')
  expect([third.child.exitCode, existsSync(path)]).toEqual([0, false])
})

test('a file that is no socket is left alone, and the start stopped', async () => {
  const path = join(newFolder(), 'photo.jpg')
  writeFileSync(path, 'a photo')
  chmodSync(path, 0o600)
  const { child, said } = await start(path)
  expect([child.exitCode, said()]).toEqual([
    1,
    `Porchlight did not start. PORCHLIGHT_LISTEN: ${path} is there already and is no socket\n`,
  ])
  expect(existsSync(path)).toBe(true)
})

test.each(['2283', 'unix:http.sock', '127.0.0.1:99999', '127.0.0.1:1,', 'tcp://127.0.0.1:1'])(
  'PORCHLIGHT_LISTEN=%s stops the start with one line',
  async (listen) => {
    const { child, said } = await start(listen)
    expect(child.exitCode).toBe(1)
    expect(said()).toMatch(
      /^Porchlight did not start\. PORCHLIGHT_LISTEN="[^\n]+ is not valid: must be addresses like[^\n]+\n$/,
    )
  },
)

test('a port in use stops the start with one line', async () => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { said } = await start(`127.0.0.1:${port}`)
  other.close()
  expect(said()).toMatch(
    /PORCHLIGHT_LISTEN: Porchlight cannot listen on port \d+ of 127\.0\.0\.1: listen EADDRINUSE/,
  )
})
