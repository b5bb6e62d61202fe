import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { describeRefusal } from './refusals.ts'
import type { AddressInfo } from 'node:net'

const folder = join(import.meta.dirname, '../examples')
const examples = readdirSync(folder)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts an example as a reader would. */
async function start(example: string): Promise<number> {
  const port = await freePort()
  const env = { ...process.env, PORT: String(port), TRUSTED_NETWORKS: '127.0.0.1' }
  const child = spawn(process.execPath, [join(folder, example)], { env, stdio: 'inherit' })
  onTestFinished(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  return port
}

type Visit = { port: number; from: string; headers: Record<string, string | string[]> }

/** Status and text of the front page. Tries again while nobody listens yet. */
async function visit({ port, from, headers }: Visit): Promise<string> {
  for (const end = Date.now() + 15_000; ;) {
    const sent = request({ host: '127.0.0.1', port, localAddress: from, headers }).end()
    const [answer] = await once(sent, 'response').catch((error: unknown) => [error])
    if (!(answer instanceof Error)) return `${answer.statusCode} ${(await answer.toArray()).join('')}`
    if (Date.now() > end) throw answer
    await pause(20)
  }
}

test.each(examples)(
  'the example %s greets whom the proxy names, and nobody else',
  async (example) => {
    const port = await start(example)
    const proxy = (headers: Visit['headers']) => visit({ port, from: '127.0.0.1', headers })
    const spoof = (headers: Visit['headers']) => visit({ port, from: '127.0.0.66', headers })
    const gran = { 'Remote-Email': 'Gran@home.example' }
    expect(await proxy(gran)).toBe('200 Hello gran@home.example')
    for (const headers of [gran, {}, { ...gran, 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1' }])
      expect(await spoof(headers)).toBe('401 Sign in first')
    expect(await proxy({})).toBe(`401 ${describeRefusal('no_identity')}`)
    expect(await proxy({ ...gran, Remote_Email: 'boss@home.example' })).toBe(
      `401 ${describeRefusal('header_alias')}`,
    )
    expect(await proxy({ 'Remote-Email': ['gran@home.example', 'boss@home.example'] })).toBe(
      `401 ${describeRefusal('header_repeated')}`,
    )
  },
  20_000,
)

test('the README shows the examples as they are', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const shown = Array.from(readme.matchAll(/```ts\n([^]*?)```/g), ([, code = '']) => code)
  expect(examples).toHaveLength(3)
  for (const example of examples) expect(shown).toContain(readFileSync(join(folder, example), 'utf8'))
})
