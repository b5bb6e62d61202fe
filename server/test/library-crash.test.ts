import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { api, jpeg, json, sends, upload, type Client } from './library-client.ts'
import { spawnServer, type ServerProcess } from './server-process.ts'
import { people } from './start-server.ts'
import { createTestDatabase } from './test-database.ts'

let dataDir: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let server: ServerProcess
let gran: Client

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'porchlight-crash-'))
  database = await createTestDatabase()
  await start()
  // Not with the token of the test before.
  gran.person.headers = {}
  await json(gran, '/auth/admin-sign-up', sends('POST', people.admin))
  const { accessToken } = await json<{ accessToken: string }>(
    gran,
    '/auth/login',
    sends('POST', people.admin),
  )
  gran.person.headers['authorization'] = `Bearer ${accessToken}`
})
afterEach(async () => {
  await server.kill()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

async function start(): Promise<void> {
  server = await spawnServer({ dataDir, databaseUrl: database.url })
  gran = { port: server.port, person: gran?.person ?? { headers: {} } }
}

const files = async (folder: string) =>
  (await readdir(join(dataDir, 'media', folder), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

type Shown = { id: string; checksum: string; originalPath: string; thumbhash: string | null }

async function everyAsset(): Promise<Shown[]> {
  const shown: Shown[] = []
  for (const { timeBucket } of await json<{ timeBucket: string }[]>(gran, '/timeline/buckets')) {
    const { id } = await json<{ id: string[] }>(gran, `/timeline/bucket?timeBucket=${timeBucket}`)
    for (const each of id) shown.push(await json<Shown>(gran, `/assets/${each}`))
  }
  return shown
}

const thumbnailOf = async (id: string) => (await api(gran, `/assets/${id}/thumbnail`)).status

test('a crash in the middle of uploads loses nothing that was acknowledged and leaves nothing else', async () => {
  const photos = await Promise.all(Array.from({ length: 24 }, () => jpeg({ width: 1600, height: 1200 })))
  const acknowledged = new Map<string, Buffer>()
  const send = async (bytes: Buffer) => {
    const { status, body } = await upload(gran, { name: 'a.jpg', bytes })
    if (status === 201) acknowledged.set(body.id, bytes)
  }
  const sending = photos.map((bytes, n) =>
    pause(n * 8)
      .then(() => send(bytes))
      .catch(() => undefined),
  )
  while (acknowledged.size < 8) await pause(1)
  await server.kill()
  await Promise.all(sending)
  expect(acknowledged.size).toBeLessThan(photos.length)

  await start()
  const assets = await everyAsset()
  for (const [id, bytes] of acknowledged) {
    const original = await api(gran, `/assets/${id}/original`)
    expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true)
    await expect.poll(() => thumbnailOf(id), { timeout: 20_000 }).toBe(200)
  }
  // What was stored but not acknowledged any more is whole, too; and no file is without an asset.
  const originals = await files('originals')
  expect(originals.sort()).toEqual(
    assets.map(({ originalPath }) => join(dataDir, 'media', originalPath)).sort(),
  )
  for (const { checksum, originalPath } of assets) {
    const bytes = await readFile(join(dataDir, 'media', originalPath))
    expect(createHash('sha1').update(bytes).digest('base64')).toBe(checksum)
  }
  await expect.poll(() => files('incoming'), { timeout: 20_000 }).toEqual([])
  expect(await json(gran, '/assets/statistics')).toMatchObject({ total: assets.length })
}, 60_000)

test('a crash in the middle of a file leaves neither asset nor file', async () => {
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined)
  const headers = Object.entries(gran.person.headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(
    ['POST /api/assets HTTP/1.1', 'Host: home.example', ...headers, 'Content-Length: 90000000']
      .concat(['Content-Type: multipart/form-data; boundary=cut', '', '--cut'])
      .concat(['Content-Disposition: form-data; name="assetData"; filename="long.mp4"', '', ''])
      .join('\r\n'),
  )
  socket.write(Buffer.alloc(3_000_000, 1))
  await expect.poll(() => files('incoming'), { timeout: 5_000 }).toHaveLength(1)
  await server.kill()
  expect(await files('incoming')).toHaveLength(1)

  await start()
  expect(await files('')).toEqual([])
  expect(await json(gran, '/assets/statistics')).toMatchObject({ total: 0 })
})

test('work that a crash interrupted is done after the next start, at once', async () => {
  const { body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg({ width: 4000, height: 3000 }) })
  await server.kill()
  expect(await files('derived')).toEqual([])
  await start()
  await expect.poll(() => thumbnailOf(body.id), { timeout: 15_000 }).toBe(200)
})

test('the media process ends with the server, however it ends', async () => {
  const child = async () => {
    const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').catch(() => '')
    return children.trim().split(' ').filter(Boolean).map(Number)
  }
  const isThere = (pid: number) =>
    readFile(`/proc/${pid}/stat`, 'utf8').then(
      (stat) => !stat.includes(') Z'),
      () => false,
    )
  for (const end of ['kill', 'stop'] as const) {
    await upload(gran, { name: 'a.jpg', bytes: await jpeg() })
    await expect.poll(child, { timeout: 10_000 }).toHaveLength(1)
    const [pid = 0] = await child()
    await server[end]()
    await expect.poll(() => isThere(pid), { timeout: 5_000 }).toBe(false)
    await start()
  }
})
