import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { rowsPerHour } from '../src/audit/audit-trail.ts'
import { openDatabase } from '../src/database/database.ts'
import { createLogger } from '../src/platform/logger.ts'
import { httpCall } from './http-call.ts'
import { spawnServer } from './server-process.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { createTestDatabase } from './test-database.ts'
import { fileWith } from './vouching.ts'

const megabyte = 1024 * 1024

/** What is still in use, in bytes, after everything else was given back. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** One request of a flood over connections that stay open; answers the status. */
function floodFrom(port: number, localAddress: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, localAddress })
  onTestFinished(() => agent.destroy())
  return (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers, agent, localAddress }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      })
        .on('error', reject)
        .end()
    })
}

/** Sends everything, sixteen at once, and asks meanwhile whether the server is still there. */
async function flood(
  server: TestServer,
  { from, requests, who }: { from: string; requests: number; who: (index: number) => string },
) {
  const send = floodFrom(server.port, from)
  const statuses = new Map<number, number>()
  let next = 0
  let slowestPing = 0
  const isOver = () => next >= requests
  const work = async () => {
    while (next < requests) {
      const index = next++
      const path = ['/api/users/me', '/api/albums', '/api/server/about'][index % 3] ?? ''
      const status = await send(path, { 'remote-email': who(index), 'remote-name': `Name ${index}` })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const ping = async () => {
    while (!isOver()) {
      const started = performance.now()
      expect((await server.call({ path: '/api/server/ping' })).status).toBe(200)
      slowestPing = Math.max(slowestPing, performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await Promise.all([...Array.from({ length: 16 }, work), ping()])
  return { statuses: Object.fromEntries(statuses), slowestPing }
}

async function rowsOf(server: TestServer, kind: string) {
  await server.app.audit.flush()
  const rows = await server.app.db.selectFrom('audit_events').selectAll().where('kind', '=', kind).execute()
  return { rows: rows.length, events: rows.reduce((sum, { count }) => sum + count, 0), all: rows }
}

const random = () => Math.random().toString(36).slice(2)

test('20,000 forged identities from outside are a handful of rows, and the server goes on answering', async () => {
  const requests = 20_000
  await using server = await startServer({
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith({ networks: ['10.9.9.0/24'] }) },
  })
  await server.signUpAdmin()
  const before = heapInUse()
  const { statuses, slowestPing } = await flood(server, {
    from: peers.intruder,
    requests,
    who: () => `${random()}@evil.example`,
  })
  expect(statuses).toEqual({ 401: requests })
  expect(slowestPing).toBeLessThan(5000)
  const { rows, events, all } = await rowsOf(server, 'spoof_refused')
  // Two, should the hour end meanwhile.
  expect(rows).toBeLessThanOrEqual(2)
  expect(events).toBe(requests)
  expect(all[0]).toMatchObject({ peer: peers.intruder, code: 'untrusted_peer' })
  expect(heapInUse() - before).toBeLessThan(20 * megabyte)
}, 120_000)

test('4,000 made-up people whom a proxy vouches for are a bounded number of rows', async () => {
  const requests = 4000
  await using server = await startServer({
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith({ autoRegister: false }) },
  })
  await server.signUpAdmin()
  const before = heapInUse()
  const { statuses, slowestPing } = await flood(server, {
    from: peers.proxy,
    requests,
    who: (index) => `p${index}@home.example`,
  })
  expect(statuses).toEqual({ 401: requests })
  expect(slowestPing).toBeLessThan(5000)
  const { rows, events, all } = await rowsOf(server, 'sign_in_refused')
  expect(rows).toBeLessThanOrEqual(2 * (rowsPerHour + 1))
  expect(events).toBe(requests)
  expect(all.filter(({ email }) => email === 'others').length).toBeLessThanOrEqual(2)
  expect(heapInUse() - before).toBeLessThan(20 * megabyte)
}, 120_000)

test('what happened a second before the power went is in the trail', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'porchlight-audit-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const server = await spawnServer({ dataDir, databaseUrl: database.url })
  onTestFinished(() => server.kill())
  const post = (path: string, body: object) => httpCall(server.port, { method: 'POST', path, body })
  await post('/api/auth/admin-sign-up', people.admin)
  const { email } = people.admin
  expect((await post('/api/auth/login', { email, password: 'not the password' })).status).toBe(401)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await server.kill()

  const logger = createLogger('silent')
  const file = join(dataDir, 'porchlight.sqlite')
  const { db } = await openDatabase({ url: database.url, file, logger })
  const rows = await db.selectFrom('audit_events').select(['kind', 'code', 'email']).execute()
  await db.destroy()
  expect(rows).toContainEqual({ kind: 'sign_in_refused', code: 'wrong_password', email })
})
