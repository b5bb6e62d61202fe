import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, onePixelPng, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client
let anna: Client
let photo: { id: string; bytes: Buffer }

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
  anna = { port: server.port, person: await server.addPerson(people.anna) }
  const bytes = await jpeg()
  photo = { bytes, id: (await upload(gran, { name: 'Größe.jpg', bytes })).body.id }
  await untilQuiet(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const original = (headers: Record<string, string> = {}, method = 'GET') =>
  api(gran, `/assets/${photo.id}/original`, { headers, method })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

test('a file is private, cacheable, named as it was, and can run no script', async () => {
  const answer = await original()
  expect(answer.status).toBe(200)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'accept-ranges': 'bytes',
    'cache-control': expect.stringMatching(/^private, max-age=86400, no-transform/) as string,
    'content-disposition': `inline; filename*=UTF-8''Gr%C3%B6%C3%9Fe.jpg`,
    'content-length': String(photo.bytes.length),
    'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
})

test.each([
  ['bytes=0-9', 0, 10],
  ['bytes=100-', 100, undefined],
  ['bytes=-7', -7, undefined],
  ['bytes=5-999999999', 5, undefined],
])('a player that asks for %s gets those bytes', async (range, start, end) => {
  const answer = await original({ range })
  const expected = photo.bytes.subarray(start, end)
  expect(answer.status).toBe(206)
  expect(answer.headers.get('content-length')).toBe(String(expected.length))
  const first = photo.bytes.length + (start < 0 ? start : start - photo.bytes.length)
  expect(answer.headers.get('content-range')).toBe(
    `bytes ${first}-${first + expected.length - 1}/${photo.bytes.length}`,
  )
  expect((await bytesOf(answer)).equals(expected)).toBe(true)
})

test('a range behind the end is 416 and says how long the file is', async () => {
  const answer = await original({ range: 'bytes=999999999-' })
  expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${photo.bytes.length}`])
})

test('a range of another version of the file is answered with the whole file', async () => {
  const answer = await original({ range: 'bytes=0-9', 'if-range': '"older"' })
  expect([answer.status, (await bytesOf(answer)).length]).toEqual([200, photo.bytes.length])
  const etag = (await original()).headers.get('etag') ?? ''
  expect((await original({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
})

test('HEAD says everything but the bytes', async () => {
  const answer = await original({}, 'HEAD')
  expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(photo.bytes.length)])
  expect((await bytesOf(answer)).length).toBe(0)
})

test.each(['original', 'thumbnail', 'thumbnail?size=preview'])(
  'a client that has the %s already gets none of its bytes',
  async (file) => {
    const first = await api(gran, `/assets/${photo.id}/${file}`)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^".+"$/)
    const again = await api(gran, `/assets/${photo.id}/${file}`, {
      headers: { 'if-none-match': `W/${etag}` },
    })
    expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0])
  },
)

test('anna sees nothing of gran’s photo', async () => {
  const ask = async (path: string) => {
    const answer = await api(anna, `/assets/${photo.id}${path}`)
    return [answer.status, await answer.json()]
  }
  expect(await ask('')).toEqual([400, { message: 'Not found or no asset.read access' }])
  expect(await ask('/thumbnail')).toEqual([400, { message: 'Not found or no asset.view access' }])
  expect(await ask('/original')).toEqual([404, { message: 'Not Found' }])
  expect(await ask('/video/playback')).toEqual([404, { message: 'Not Found' }])
})

test('an id that is none is refused in the words clients know', async () => {
  const answer = await api(gran, '/assets/not-an-id')
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    message: 'Validation failed',
    errors: [{ format: 'uuid', path: ['id'], message: 'Invalid UUID' }],
  })
})

test('the sizes that are not kept lead to those that are', async () => {
  const lead = async (size: string) => {
    const answer = await api(gran, `/assets/${photo.id}/thumbnail?size=${size}`)
    return [answer.status, answer.headers.get('location')]
  }
  expect(await lead('original')).toEqual([302, 'original'])
  expect(await lead('fullsize')).toEqual([302, 'original'])
})

test('a picture that cannot be decoded has no thumbnail, and says so', async () => {
  const { body } = await upload(gran, { name: 'torn.png', bytes: onePixelPng.subarray(0, 40) })
  await untilQuiet(server)
  const answer = await api(gran, `/assets/${body.id}/thumbnail`)
  expect([answer.status, await answer.json()]).toEqual([404, { message: 'Asset media not found' }])
  expect((await api(gran, `/assets/${body.id}/original`)).status).toBe(200)
})

test('a drawing with a script in it is served as a document that may do nothing', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
  const { body } = await upload(gran, { name: 'drawing.svg', bytes: Buffer.from(svg) })
  const answer = await api(gran, `/assets/${body.id}/original`)
  expect(answer.headers.get('content-type')).toBe('image/svg+xml')
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  )
})
