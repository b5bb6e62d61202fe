import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { httpCall } from './http-call.ts'
import { openSocket } from './socket-client.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'

const withMetrics = { PORCHLIGHT_METRICS_LISTEN: '127.0.0.1:0' }

function metricsPort(server: TestServer): number {
  const { address } = server.app.metrics
  if (!address || 'path' in address) throw new Error('the metrics do not listen on a port')
  return address.port
}

/** `name{labels} value` lines whose name begins so. */
async function read(server: TestServer, name: string): Promise<string[]> {
  const { status, text } = await httpCall(metricsPort(server), { path: '/metrics' })
  expect(status).toBe(200)
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('Prometheus reads sessions, request times and the process on a listener of its own', async () => {
  await using server = await startServer({ environment: withMetrics })
  await server.signUpAdmin()
  await server.call({ path: '/api/server/ping' })
  await server.call({ path: '/api/albums/no-such-album' })

  expect(await read(server, 'porchlight_sessions')).toEqual([
    'porchlight_sessions{method="password"} 1',
    'porchlight_sessions{method="trusted-header"} 0',
  ])
  const times = await read(server, 'porchlight_http_request_duration_seconds_count')
  expect(times).toContain(
    'porchlight_http_request_duration_seconds_count{method="GET",route="/api/server/ping",status="200"} 1',
  )
  expect(times).toContain(
    'porchlight_http_request_duration_seconds_count{method="GET",route="/api/albums/:id",status="401"} 1',
  )
  expect(await read(server, 'porchlight_sockets')).toEqual(['porchlight_sockets 0'])
  expect(await read(server, 'process_resident_memory_bytes')).toHaveLength(1)
})

test('verdicts are counted by their code, sign-ins by their way, and open sockets', async () => {
  await using server = await startServer({
    environment: { ...withMetrics, PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' },
  })
  const admin = await server.signUpAdmin()
  const path = '/api/users/me'
  await server.call({ path, headers: { 'remote-email': people.gran.email } })
  await server.call({ path, headers: { 'remote-email': 'nonsense' } })
  await server.call({ path, headers: { 'remote-email': people.gran.email }, from: peers.intruder })
  await server.call({
    method: 'POST',
    path: '/api/auth/trusted-header',
    headers: { 'remote-email': people.gran.email },
  })
  const verdicts = await read(server, 'porchlight_verdicts_total')
  expect(verdicts).toContain('porchlight_verdicts_total{code="vouched"} 2')
  expect(verdicts).toContain('porchlight_verdicts_total{code="bad_email"} 1')
  expect(verdicts).toContain('porchlight_verdicts_total{code="untrusted_peer"} 1')
  expect(await read(server, 'porchlight_sign_ins_total')).toEqual([
    'porchlight_sign_ins_total{method="password"} 1',
    'porchlight_sign_ins_total{method="trusted-header"} 1',
  ])
  const { socket } = await openSocket(server, { headers: admin.headers })
  expect(await read(server, 'porchlight_sockets')).toEqual(['porchlight_sockets 1'])
  socket.close()
})

test('the household’s own door never shows the metrics, and theirs shows nothing else', async () => {
  await using server = await startServer({ environment: withMetrics })
  const atTheDoor = await server.call({ path: '/metrics' })
  expect(atTheDoor.text).not.toContain('porchlight_')

  const port = metricsPort(server)
  expect((await httpCall(port, { path: '/api/server/ping' })).status).toBe(404)
  expect((await httpCall(port, { path: '/' })).status).toBe(404)
  expect((await httpCall(port, { method: 'POST', path: '/metrics' })).status).toBe(405)
})

test('a stranger who asks for thousands of paths makes no thousands of series', async () => {
  await using server = await startServer({ environment: withMetrics })
  for (let index = 0; index < 200; index++) {
    await server.call({ path: `/api/nothing-${index}` })
    await server.call({ path: `/api/albums/${index}` })
    await server.call({ path: `/page-${index}` })
  }
  const series = await read(server, 'porchlight_http_request_duration_seconds_count')
  expect(series.length).toBeGreaterThan(0)
  expect(series.length).toBeLessThan(6)
})

test('without the setting nothing listens and nothing is timed', async () => {
  await using server = await startServer()
  expect(server.app.metrics.address).toBeUndefined()
})

test('no name, address or secret of a person is in the metrics', async () => {
  await using server = await startServer({ environment: withMetrics })
  const admin = await server.signUpAdmin()
  await server.call({ path: `/api/users/me?sessionKey=${admin.token}` })
  const { text } = await httpCall(metricsPort(server), { path: '/metrics' })
  for (const secret of [admin.token, admin.id, people.admin.email, people.admin.name, '127.0.0.1'])
    expect(text).not.toContain(secret)
})

test('the metrics may listen on a unix socket, also where a server that was killed left its file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-metrics-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'metrics.sock')
  spawnSync(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ])
  expect(existsSync(socketPath)).toBe(true)
  await using server = await startServer({
    environment: { PORCHLIGHT_METRICS_LISTEN: `unix:${socketPath}` },
  })
  expect(statSync(socketPath).mode & 0o777).toBe(0o660)
  expect(server.app.metrics.address).toEqual({ path: socketPath })
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request({ socketPath, path: '/metrics', agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(200)
})

test('an address that cannot be listened at stops the start and is named', async () => {
  await using first = await startServer({ environment: withMetrics })
  const taken = `127.0.0.1:${metricsPort(first)}`
  await expect(startServer({ environment: { PORCHLIGHT_METRICS_LISTEN: taken } })).rejects.toThrow(
    /PORCHLIGHT_METRICS_LISTEN: Porchlight cannot listen there/,
  )
  await expect(startServer({ environment: { PORCHLIGHT_METRICS_LISTEN: '9464' } })).rejects.toThrow(
    'PORCHLIGHT_METRICS_LISTEN="9464" is not valid: must be like 127.0.0.1:9464',
  )
})
