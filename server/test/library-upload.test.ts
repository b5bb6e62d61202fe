import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  api,
  jpeg,
  json,
  onePixelPng,
  sendForm,
  sends,
  untilQuiet,
  upload,
  type Client,
} from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client
let anna: Client

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  gran = await newMember()
  anna = await newMember()
})

let members = 0
async function newMember(quotaSizeInBytes?: number): Promise<Client & { id: string }> {
  members += 1
  const person = { ...people.gran, email: `member${members}@home.example`, quotaSizeInBytes }
  const signedIn = await server.addPerson(person)
  return { port: server.port, person: signedIn, id: signedIn.id }
}

const filesOnDisk = async () =>
  (await readdir(join(server.dataDir, 'media'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)

/** Without what jobs are writing at the moment, which has an extension. */
const incoming = async () =>
  (await readdir(join(server.dataDir, 'media/incoming'))).filter((name) => !name.includes('.'))
const statistics = (client: Client) => json<{ total: number; videos: number }>(client, '/assets/statistics')
const usage = async (client: Client) =>
  (await json<{ quotaUsageInBytes: number }>(client, '/users/me')).quotaUsageInBytes

test('what gran uploads comes back to her byte by byte', async () => {
  const bytes = await jpeg()
  const { status, body } = await upload(gran, { name: "Ümit's 1. Geburtstag.jpg", bytes })
  expect([status, body.status]).toEqual([201, 'created'])

  const original = await api(gran, `/assets/${body.id}/original`)
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true)
  const asset = await json<Record<string, unknown>>(gran, `/assets/${body.id}`)
  expect(asset).toMatchObject({
    originalFileName: "Ümit's 1. Geburtstag.jpg",
    originalMimeType: 'image/jpeg',
    checksum: createHash('sha1').update(bytes).digest('base64'),
    type: 'IMAGE',
    visibility: 'timeline',
    owner: { name: people.gran.name },
  })
  expect(await usage(gran)).toBe(bytes.length)
})

test('fields may come before the file, after it, or not be known at all', async () => {
  const form = new FormData()
  form.set('assetData', new Blob([Uint8Array.from(await jpeg())]), 'late.jpg')
  form.set('deviceAssetId', 'from an older client')
  form.set('fileCreatedAt', '2020-02-03T04:05:06+01:00')
  form.set('fileModifiedAt', '2020-02-03T04:05:06+01:00')
  form.set('isFavorite', 'true')
  form.set('sidecarData', new Blob(['<x:xmpmeta/>']), 'late.jpg.xmp')
  const { status, body } = await sendForm(gran, form)
  expect(status).toBe(201)
  expect(await json(gran, `/assets/${body.id}`)).toMatchObject({
    isFavorite: true,
    fileModifiedAt: '2020-02-03T03:05:06.000Z',
  })
})

test('the name may come as a field of its own after a nameless file', async () => {
  const form = new FormData()
  form.set('assetData', new Blob([Uint8Array.from(await jpeg())]), 'blob')
  form.set('fileCreatedAt', '2020-02-03T04:05:06Z')
  form.set('fileModifiedAt', '2020-02-03T04:05:06Z')
  form.set('filename', 'named later.jpg')
  expect((await sendForm(gran, form)).status).toBe(201)
})

test('the same file again is a duplicate; for another person it is not', async () => {
  const bytes = await jpeg()
  const first = await upload(gran, { name: 'a.jpg', bytes })
  const again = await upload(gran, { name: 'b.jpg', bytes })
  expect([again.status, again.body]).toEqual([200, { id: first.body.id, status: 'duplicate' }])
  expect((await upload(anna, { name: 'a.jpg', bytes })).status).toBe(201)
  expect((await statistics(gran)).total).toBe(1)
  expect(await incoming()).toEqual([])
})

test('ten uploads of one file at once make one asset and one file', async () => {
  await untilQuiet(server)
  const before = (await filesOnDisk()).length
  const bytes = await jpeg({ width: 1200, height: 900 })
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => upload(gran, { name: `copy ${n}.jpg`, bytes })),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  expect(await usage(gran)).toBe(bytes.length)
  await untilQuiet(server)
  // The original, its preview, its thumbnail.
  expect((await filesOnDisk()).length).toBe(before + 3)
})

test('a client that sends the checksum first need not send a file that is there', async () => {
  const bytes = await jpeg()
  const { body } = await upload(gran, { name: 'a.jpg', bytes })
  for (const encoding of ['hex', 'base64'] as const) {
    const headers = { 'x-immich-checksum': createHash('sha1').update(bytes).digest(encoding) }
    // Even a body that is no upload at all: it is not read.
    const answer = await api(gran, '/assets', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
      body: 'not a form',
    })
    expect([answer.status, await answer.json()]).toEqual([200, { id: body.id, status: 'duplicate' }])
  }
})

test('the bulk check knows what is there by either spelling of the checksum', async () => {
  const bytes = await jpeg()
  const { body } = await upload(gran, { name: 'a.jpg', bytes })
  const sha1 = createHash('sha1').update(bytes)
  const [hex, base64] = [sha1.copy().digest('hex'), sha1.digest('base64')]
  const check = (client: Client) =>
    json(
      client,
      '/assets/bulk-upload-check',
      sends('POST', {
        assets: [
          { id: '/a', checksum: hex },
          { id: '/b', checksum: base64 },
          { id: '/c', checksum: '0'.repeat(40) },
        ],
      }),
    )
  const known = { action: 'reject', reason: 'duplicate', assetId: body.id, isTrashed: false }
  expect(await check(gran)).toEqual({
    results: [
      { id: '/a', ...known },
      { id: '/b', ...known },
      { id: '/c', action: 'accept' },
    ],
  })
  expect(await check(anna)).toEqual({ results: ['/a', '/b', '/c'].map((id) => ({ id, action: 'accept' })) })
})

test.each([
  ['a text file', { name: 'notes.txt', bytes: Buffer.from('hello') }, 'Unsupported file type notes.txt'],
  ['a file without extension', { name: 'photo', bytes: onePixelPng }, 'Unsupported file type photo'],
  ['an empty file', { name: 'nothing.jpg', bytes: Buffer.alloc(0) }, 'File is empty'],
])('%s is refused and leaves nothing', async (_, file, message) => {
  const { status, body } = await upload(gran, file)
  expect([status, body]).toEqual([400, { message }])
  expect(await incoming()).toEqual([])
  expect((await statistics(gran)).total).toBe(0)
})

test('missing dates are named one by one, in the words clients know', async () => {
  const form = new FormData()
  form.set('assetData', new Blob([Uint8Array.from(await jpeg())]), 'a.jpg')
  const { status, body } = await sendForm(gran, form)
  const missing = (field: string) => ({
    expected: 'string',
    code: 'invalid_type',
    path: [field],
    message: 'Invalid input: expected ISO 8601 datetime string, received undefined',
  })
  expect([status, body]).toEqual([
    400,
    { message: 'Validation failed', errors: [missing('fileCreatedAt'), missing('fileModifiedAt')] },
  ])
  expect(await incoming()).toEqual([])
})

test.each([
  ['a date without offset', { fileCreatedAt: '2024-05-05T10:00:00' }],
  ['a boolean that is not lower case', { isFavorite: 'TRUE' }],
])('%s is refused', async (_, fields) => {
  const { status, body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg(), fields })
  expect([status, body.message]).toEqual([400, 'Validation failed'])
})

test('a form without a file, and a body that is no form, are the client’s mistakes', async () => {
  const form = new FormData()
  form.set('fileCreatedAt', '2024-05-05T10:00:00Z')
  form.set('fileModifiedAt', '2024-05-05T10:00:00Z')
  expect((await sendForm(gran, form)).body).toEqual({ message: 'Field(s) assetData should not be empty' })
  for (const [type, body] of [
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=x', '--y'],
    ['application/json', '{}'],
  ] as const) {
    const answer = await api(gran, '/assets', { method: 'POST', headers: { 'content-type': type }, body })
    expect(answer.status).toBe(400)
  }
})

test('an upload above the quota ends while it is sent, and one within it is kept', async () => {
  const small = await newMember(50_000)
  const tooBig = await upload(small, { name: 'big.mp4', bytes: Buffer.alloc(3_000_000, 7) })
  expect([tooBig.status, tooBig.body]).toEqual([400, { message: 'Quota has been exceeded!' }])
  expect(await incoming()).toEqual([])
  expect((await upload(small, { name: 'fits.mp4', bytes: Buffer.alloc(50_000, 7) })).status).toBe(201)
  expect((await upload(small, { name: 'one more.png', bytes: onePixelPng })).status).toBe(400)
  expect(await usage(small)).toBe(50_000)
})

test('two uploads at once that fit only one by one do not both get in', async () => {
  const small = await newMember(100_000)
  const answers = await Promise.all(
    [1, 2, 3].map((n) => upload(small, { name: `${n}.mp4`, bytes: Buffer.alloc(60_000, n) })),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400])
  expect(await usage(small)).toBe(60_000)
  expect(await statistics(small)).toMatchObject({ total: 1, videos: 1 })
})

test.each([
  ['in the middle of the file', ''],
  [
    'after the file, before the end of the form',
    '\r\n--cut\r\nContent-Disposition: form-data; name="visibil',
  ],
])('an upload that breaks off %s leaves nothing', async (_, rest) => {
  const before = await filesOnDisk()
  await sendHalfAnUpload(gran, { bytes: 2_000_000, rest })
  await expect.poll(incoming, { timeout: 5_000 }).toEqual([])
  expect((await statistics(gran)).total).toBe(0)
  expect((await filesOnDisk()).filter((name) => !before.includes(name))).toEqual([])
})

/** Says that more will come, waits until the server has begun to write, and hangs up. */
async function sendHalfAnUpload(
  { port, person }: Client,
  { bytes, rest }: { bytes: number; rest: string },
): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const head = [
    'POST /api/assets HTTP/1.1',
    'Host: home.example',
    ...Object.entries(person.headers).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: multipart/form-data; boundary=cut',
    'Content-Length: 50000000',
    '',
    '--cut',
    'Content-Disposition: form-data; name="assetData"; filename="long.mp4"',
    'Content-Type: application/octet-stream',
    '',
    '',
  ]
  socket.write(head.join('\r\n'))
  socket.write(Buffer.alloc(bytes, 1))
  socket.write(rest)
  await expect.poll(incoming, { timeout: 5_000 }).toHaveLength(1)
  // Until what was sent has been read.
  await pause(100)
  socket.destroy()
}

test('nobody uploads without signing in', async () => {
  const answer = await upload(
    { port: server.port, person: { headers: {} } },
    { name: 'a.jpg', bytes: onePixelPng },
  )
  expect(answer.status).toBe(401)
})
