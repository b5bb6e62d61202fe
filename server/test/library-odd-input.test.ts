import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, json, onePixelPng, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type SignedIn, type TestServer } from './start-server.ts'

let server: TestServer
let admin: SignedIn
let gran: Client

beforeAll(async () => {
  server = await startServer()
  admin = await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
})
afterAll(() => server[Symbol.asyncDispose]())

/** Names of files below a folder of the library. */
const filesIn = async (folder: string, { dataDir } = server) => {
  const path = join(dataDir, 'media', folder)
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

/** Without what jobs are writing at the moment, which has an extension. */
const incoming = async () => (await filesIn('incoming')).filter((name) => !name.includes('.'))

const originalsAndNotes = async (on = server) => ({
  originals: await filesIn('originals', on),
  notes: await on.app.db.selectFrom('file_intents').selectAll().execute(),
})

const [nul, half] = ['a\u0000b', 'a\ud83db']

test.each([
  ['a NUL', nul],
  ['half a character', half],
])('text with %s is refused wherever a person may write text', async (_, text) => {
  const album = await json<{ id: string }>(gran, '/albums', sends('POST', { albumName: 'Summer' }))
  const key = { name: 'cli', permissions: ['asset.read'] }
  const { apiKey } = await json<{ apiKey: { id: string } }>(gran, '/api-keys', sends('POST', key))
  const { body: asset } = await upload(gran, { name: 'a.jpg', bytes: await jpeg() })
  const [boss, fresh] = [
    { port: server.port, person: admin },
    { ...people.anna, email: 'new@home.example' },
  ]
  const refused: [Client, string, RequestInit][] = [
    [gran, '/albums', sends('POST', { albumName: text })],
    [gran, '/albums', sends('POST', { albumName: 'x', description: text })],
    [gran, `/albums/${album.id}`, sends('PATCH', { albumName: text })],
    [gran, `/albums/${album.id}`, sends('PATCH', { description: text })],
    [gran, '/api-keys', sends('POST', { ...key, name: text })],
    [gran, '/api-keys', sends('POST', { ...key, permissions: [text] })],
    [gran, `/api-keys/${apiKey.id}`, sends('PUT', { name: text })],
    [gran, `/assets/${asset.id}`, sends('PUT', { description: text })],
    [gran, '/assets', sends('PUT', { ids: [asset.id], description: text })],
    [gran, '/users/me', sends('PUT', { name: text })],
    [gran, '/users/me/preferences', sends('PUT', { purchase: { hideBuyButtonUntil: text } })],
    [boss, '/admin/users', sends('POST', { ...fresh, name: text })],
    [boss, '/admin/users', sends('POST', { ...fresh, storageLabel: text })],
  ]
  const answers = await Promise.all(refused.map(([client, path, init]) => api(client, path, init)))
  expect(answers.map(({ status }, n) => [refused[n]?.[1], status])).toEqual(
    refused.map(([, path]) => [path, 400]),
  )
  expect(await json(gran, `/albums/${album.id}`)).toMatchObject({ albumName: 'Summer' })
})

test('a search for a name with a NUL is refused', async () => {
  expect((await api(gran, '/albums?name=a%00b')).status).toBe(400)
})

test('a file name with a NUL is refused before anything is kept, as a field and in the part itself', async () => {
  await untilQuiet(server)
  const before = await originalsAndNotes()
  const bytes = await jpeg()
  expect((await upload(gran, { name: 'a.jpg', bytes, fields: { filename: 'a\0b.jpg' } })).status).toBe(400)
  expect((await sendRaw([part('name="assetData"; filename="a\0b.jpg"', bytes)])).status).toBe(400)
  // The name may also come after the file.
  const late = [part('name="assetData"; filename="blob"', bytes), part('name="filename"', 'a\0b.jpg')]
  expect((await sendRaw(late)).status).toBe(400)
  expect(await originalsAndNotes()).toEqual(before)
  expect(await incoming()).toEqual([])
})

test('what the database refuses is not left on the disk', async () => {
  await using broken = await startServer()
  const client = { port: broken.port, person: await broken.signUpAdmin() }
  await sql`alter table asset_counts rename to asset_counts_away`.execute(broken.app.db)
  expect((await upload(client, { name: 'a.png', bytes: onePixelPng })).status).toBe(500)
  expect(await originalsAndNotes(broken)).toEqual({ originals: [], notes: [] })
  await sql`alter table asset_counts_away rename to asset_counts`.execute(broken.app.db)
  expect((await upload(client, { name: 'a.png', bytes: onePixelPng })).status).toBe(201)
})

test('a file name longer than any file system has is shortened, and keeps its extension', async () => {
  const { body } = await upload(gran, { name: `${'🍎'.repeat(5_000)}.jpg`, bytes: await jpeg() })
  const { originalFileName } = await json<{ originalFileName: string }>(gran, `/assets/${body.id}`)
  expect(originalFileName).toBe(`${'🍎'.repeat(125)}.jpg`)
  const answer = await api(gran, `/assets/${body.id}/original`, { method: 'HEAD' })
  expect(answer.headers.get('content-disposition')?.length).toBeLessThan(4_000)
})

test('a field that is too long to be read whole is refused, not cut', async () => {
  const fields = { filename: `${'a'.repeat(1024 * 1024)}.jpg`, note: 'x' }
  const { status, body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg(), fields })
  expect([status, body.message]).toEqual([400, 'The field filename is too long'])
})

test('an upload whose body ends before the form does is the client’s mistake', async () => {
  const whole = Buffer.concat([part('name="assetData"; filename="a.jpg"', await jpeg()), ending])
  for (const length of [whole.length - 400, whole.length - ending.length - 2, 30]) {
    expect((await sendBody(whole.subarray(0, length))).status).toBe(400)
  }
  expect(await incoming()).toEqual([])
})

test('a file without any name is refused', async () => {
  const head = '--cut\r\nContent-Disposition: form-data; name="assetData"\r\n'
  const type = 'Content-Type: application/octet-stream\r\n\r\n'
  expect((await sendRaw([Buffer.from(`${head}${type}bytes`)])).status).toBe(400)
})

test('every month that is listed can be opened, however odd the dates', async () => {
  const oldest = { fileCreatedAt: '0000-01-01T00:00:00Z', fileModifiedAt: '0000-01-01T00:00:00+14:00' }
  const latest = { fileCreatedAt: '9999-12-31T23:59:59-12:00', fileModifiedAt: '9999-12-31T23:59:59-12:00' }
  const ids: string[] = []
  for (const fields of [oldest, latest]) {
    const { status, body } = await upload(gran, { name: 'odd.jpg', bytes: await jpeg(), fields })
    expect(status).toBe(201)
    ids.push(body.id)
  }
  await untilQuiet(server)
  await opensEveryMonth()
  for (const dateTimeRelative of [52_560_000, -52_560_000, -52_560_000]) {
    expect((await api(gran, '/assets', sends('PUT', { ids, dateTimeRelative }))).status).toBe(204)
    await opensEveryMonth()
  }
  for (const timeZone of ['UTC-12', 'Pacific/Kiritimati']) {
    expect((await api(gran, '/assets', sends('PUT', { ids, timeZone }))).status).toBe(204)
    await opensEveryMonth()
  }
  const dateTimeOriginal = '9999-12-31T23:00:00-10:00'
  expect((await api(gran, '/assets', sends('PUT', { ids, dateTimeOriginal }))).status).toBe(204)
  await opensEveryMonth()
})

test.each([9_007_199_254_740_991, 5_000_000_000, -5_000_000_000])(
  'moving dates by %d minutes is refused',
  async (dateTimeRelative) => {
    const { body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg() })
    const answer = await api(gran, '/assets', sends('PUT', { ids: [body.id], dateTimeRelative }))
    expect(answer.status).toBe(400)
  },
)

test('a picture that claims more pixels than a number holds is kept without a size', async () => {
  const { body } = await upload(gran, { name: 'huge.png', bytes: pngOfSize(0xffffffff) })
  await untilQuiet(server)
  const asset = await json<Record<string, unknown>>(gran, `/assets/${body.id}`)
  expect(asset).toMatchObject({
    width: null,
    height: null,
    exifInfo: { exifImageWidth: null, exifImageHeight: null },
  })
  const failed = await server.app.db
    .selectFrom('jobs')
    .select('name')
    .where('subject', '=', body.id)
    .execute()
  expect(failed).toEqual([{ name: 'assets.thumbnails' }])
})

async function opensEveryMonth(): Promise<void> {
  type Months = { timeBucket: string; count: number }[]
  const months = await json<Months>(gran, '/timeline/buckets')
  expect(months.length).toBeGreaterThan(0)
  for (const { timeBucket, count } of months) {
    expect(timeBucket).toMatch(/^\d{4}-\d{2}-01$/)
    const { id } = await json<{ id: string[] }>(gran, `/timeline/bucket?timeBucket=${timeBucket}`)
    expect([timeBucket, id.length]).toEqual([timeBucket, count])
  }
}

/** A one-pixel PNG that says of itself that it is `side` pixels high and wide, with a checksum that fits. */
function pngOfSize(side: number): Buffer {
  const png = Buffer.from(onePixelPng)
  png.writeUInt32BE(side, 16)
  png.writeUInt32BE(side, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

const ending = Buffer.from('\r\n--cut--\r\n')

function part(disposition: string, content: string | Buffer): Buffer {
  const head = `--cut\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(content)])
}

/** Parts as they are written here, which `FormData` would escape, after the dates that every upload needs. */
function sendRaw(parts: Buffer[]): Promise<Response> {
  const date = '2024-05-05T10:00:00.000Z'
  const dates = ['fileCreatedAt', 'fileModifiedAt'].map((name) => part(`name="${name}"`, date))
  const all = [...dates, ...parts].flatMap((one) => [one, Buffer.from('\r\n')])
  return sendBody(Buffer.concat([...all.slice(0, -1), ending]))
}

function sendBody(body: Buffer): Promise<Response> {
  const headers = { 'content-type': 'multipart/form-data; boundary=cut' }
  return api(gran, '/assets', { method: 'POST', headers, body: Uint8Array.from(body) })
}
