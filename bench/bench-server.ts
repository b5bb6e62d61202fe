import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'

const root = join(import.meta.dirname, '..')

export type BenchServer = {
  url: string
  pid: number
  /** Sign-in by each of the three ways, as request headers. */
  ways: Record<'cookie' | 'header' | 'API key', Record<string, string>>
  assetId: string
  month: string
  stop(): void
}

/** The real server as `npm start` runs it, with a member's month of photos in it. */
export async function startBenchServer(photos: number): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'porchlight-bench-'))
  const port = 20_000 + (process.pid % 20_000)
  const url = `http://127.0.0.1:${port}`
  const server = spawn(process.execPath, ['--max-semi-space-size=4', 'server/src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PORCHLIGHT_HOST: '127.0.0.1',
      PORCHLIGHT_PORT: String(port),
      PORCHLIGHT_DATA_DIR: dataDir,
      PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32',
      PORCHLIGHT_LOG_LEVEL: 'error',
    },
  })
  await untilReady(url, server)
  const ways = await signIn(url)
  const assetId = await upload(url, ways['API key'], photos)
  return {
    url,
    pid: server.pid ?? 0,
    ways,
    assetId,
    month: '2024-05-01',
    stop() {
      server.kill()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200 && server.exitCode === null; tries++) {
    if (
      await fetch(`${url}/api/server/ping`).then(
        () => true,
        () => false,
      )
    )
      return
    await sleep(50)
  }
  throw new Error('the server did not start')
}

async function signIn(url: string): Promise<BenchServer['ways']> {
  const admin = { email: 'admin@home.example', password: 'lamp over the door', name: 'Admin' }
  await post(`${url}/api/auth/admin-sign-up`, admin)
  const { accessToken } = (await post(`${url}/api/auth/login`, admin)) as { accessToken: string }
  const cookie = { cookie: `immich_access_token=${accessToken}` }
  const { secret } = (await post(`${url}/api/api-keys`, { permissions: ['all'] }, cookie)) as {
    secret: string
  }
  return { cookie, header: { 'remote-email': admin.email }, 'API key': { 'x-api-key': secret } }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const sent = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const answer = await fetch(url, sent)
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Small pictures of one month; answers once the last one has its thumbnail. */
async function upload(url: string, headers: Record<string, string>, photos: number): Promise<string> {
  let id = ''
  for (let number = 0; number < photos; number++) {
    const background = { r: number % 256, g: (number * 7) % 256, b: (number * 31) % 256 }
    const width = 800 + (number % 400)
    const picture = await sharp({ create: { width, height: 800, channels: 3, background } })
      .jpeg()
      .toBuffer()
    const form = new FormData()
    form.append('fileCreatedAt', new Date(Date.UTC(2024, 4, 1 + (number % 28), 12)).toISOString())
    form.append('fileModifiedAt', new Date(Date.UTC(2024, 4, 2)).toISOString())
    form.append('assetData', new Blob([new Uint8Array(picture)]), `${number}.jpg`)
    const answer = await fetch(`${url}/api/assets`, { method: 'POST', headers, body: form })
    id = ((await answer.json()) as { id: string }).id
  }
  for (let tries = 0; tries < 1200; tries++) {
    const answer = await fetch(`${url}/api/assets/${id}/thumbnail`, { headers })
    await answer.arrayBuffer()
    if (answer.ok) return id
    await sleep(100)
  }
  throw new Error('the thumbnails were not made')
}
