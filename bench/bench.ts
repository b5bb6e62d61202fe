import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBenchServer } from './bench-server.ts'
import { benchEngine } from './engine-bench.ts'
import { median, requestsPerSecond } from './load.ts'
import { benchPasswordFlood } from './password-flood.ts'

/**
 * `npm run bench`: how much of a bare node:http server's rate Porchlight keeps when it sends the same bytes, measured in
 * turns in one run. Read the ratios; the rates belong to the machine.
 */
const rounds = 3
benchEngine()
const server = await startBenchServer(500)

const subjects: [title: string, path: string, headers: Record<string, string>, aim?: number][] = [
  ['ping', '/api/server/ping', {}],
  ['users/me by cookie', '/api/users/me', server.ways.cookie, 0.5],
  ['users/me by header', '/api/users/me', server.ways.header, 0.5],
  ['users/me by API key', '/api/users/me', server.ways['API key'], 0.5],
  ['timeline bucket of 500', `/api/timeline/bucket?timeBucket=${server.month}`, server.ways.cookie],
  ['thumbnail', `/api/assets/${server.assetId}/thumbnail`, server.ways.cookie, 0.5],
]

try {
  console.log('| | bytes | bare/s | Porchlight/s | ratio | aim |\n|---|--:|--:|--:|--:|--:|')
  for (const [title, path, headers, aim] of subjects) await compare(title, { path, headers, aim })
  await benchPasswordFlood(server, { rounds, seconds: 3 })
} finally {
  server.stop()
}

async function compare(
  title: string,
  { path, headers, aim }: { path: string; headers: Record<string, string>; aim: number | undefined },
): Promise<void> {
  const answer = await fetch(server.url + path, { headers })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const bare = await startBare(bytes, answer.headers.get('content-type') ?? '')
  const rates: { bare: number[]; ours: number[] } = { bare: [], ours: [] }
  for (let round = 0; round < rounds; round++) {
    rates.bare.push(await requestsPerSecond(bare.url, { headers }))
    rates.ours.push(await requestsPerSecond(server.url + path, { headers }))
  }
  bare.stop()
  const [of, ours] = [median(rates.bare), median(rates.ours)]
  const cells = [title, bytes.length, Math.round(of), Math.round(ours), (ours / of).toFixed(2), aim ?? '']
  console.log(`| ${cells.join(' | ')} |`)
}

async function startBare(bytes: Buffer, contentType: string): Promise<{ url: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-bare-'))
  const file = join(folder, 'body')
  writeFileSync(file, bytes)
  const program = join(import.meta.dirname, 'bare-server.ts')
  const bare = spawn(process.execPath, [program, file, contentType], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(bare.stdout, 'data')) as [Buffer]
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/`,
    stop() {
      bare.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
