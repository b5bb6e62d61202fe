import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import * as engine from './index.ts'
import type { AddressInfo } from 'node:net'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

function tableUnder(heading: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = '']) => cell)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts the example as a reader would, but for the package's name. */
async function startExample(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'))
  const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const file = join(folder, 'example.ts')
  writeFileSync(file, code.replace('@porchlight/trusted-header', join(import.meta.dirname, 'index.ts')))
  const port = await freePort()
  const env = { ...process.env, PORT: String(port), TRUSTED_NETWORKS: '127.0.0.1' }
  const child = spawn(process.execPath, [file], { env, stdio: 'inherit' })
  onTestFinished(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true })
  })
  return port
}

type Visit = { port: number; localAddress: string; headers: Record<string, string> }

/** Tries again while nobody listens yet. */
async function visit({ port, ...options }: Visit): Promise<string> {
  for (const end = Date.now() + 4000; ;) {
    const sent = request({ host: '127.0.0.1', port, ...options }).end()
    const [answer] = await once(sent, 'response').catch((error: unknown) => [error])
    if (!(answer instanceof Error)) return `${answer.statusCode} ${(await answer.toArray()).join('')}`
    if (Date.now() > end) throw answer
    await pause(20)
  }
}

test('the example greets whom the proxy names, and nobody else', async () => {
  const port = await startExample()
  const headers = { 'Remote-Email': 'Gran@home.example' }
  const greeting = await visit({ port, headers, localAddress: '127.0.0.1' })
  expect(greeting).toBe('200 Hello gran@home.example')
  const refusal = await visit({ port, headers, localAddress: '127.0.0.66' })
  expect(refusal).toBe(`401 ${engine.describeRefusal('untrusted_peer')}`)
  const silence = await visit({ port, headers: {}, localAddress: '127.0.0.1' })
  expect(silence).toBe(`401 ${engine.describeRefusal('no_identity')}`)
})

test('the table of reasons lists every code in the order of the questions', () => {
  expect(tableUnder('Why somebody is refused')).toEqual(engine.refusalCodes.map((code) => `\`${code}\``))
})

test('the table of exports lists everything a caller can call', () => {
  const names = tableUnder('What it offers').flatMap((cell) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
  )
  expect(new Set(names)).toEqual(new Set(Object.keys(engine)))
})

test('the engine needs nothing but Node, and of Node only what does no I/O', () => {
  // The folder `assertion` is another entry, which fetches keys and needs jose.
  const sources = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const imported = sources.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, name = '']) => name,
    ),
  )
  const outside = new Set(imported.filter((name) => !name.startsWith('./')))
  expect(outside).toEqual(new Set(['node:crypto', 'node:net', 'node:url']))
})
