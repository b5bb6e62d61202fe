import { expect, test } from 'vitest'
import { api, jpeg, json, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

type House = { server: TestServer; gran: Client; id: string; albumId: string }

/** Gran with one photo, in an album, and a PIN. */
async function home(): Promise<House> {
  const server = await startServer()
  await server.signUpAdmin()
  const gran = { port: server.port, person: await server.addPerson(people.gran) }
  const bytes = await jpeg()
  const { body } = await upload(gran, { name: 'letter.jpg', bytes })
  await untilQuiet(server)
  const album = await json<{ id: string }>(
    gran,
    '/albums',
    sends('POST', { albumName: 'Letters', assetIds: [body.id] }),
  )
  await api(gran, '/auth/pin-code', sends('POST', { pinCode: '123456' }))
  return { server, gran, id: body.id, albumId: album.id }
}

const unlock = (gran: Client) => api(gran, '/auth/session/unlock', sends('POST', { pinCode: '123456' }))
const lock = (gran: Client) => api(gran, '/auth/session/lock', { method: 'POST' })
const moveIn = ({ gran, id }: House) =>
  api(gran, '/assets', sends('PUT', { ids: [id], visibility: 'locked' }))

const counts = (buckets: { count: number }[]) => buckets.map(({ count }) => count)

/** Every way to an asset by its id, and what an owner who may not see it is answered. */
const ways: [name: string, path: (id: string) => string, init?: (id: string) => RequestInit][] = [
  ['its facts', (id) => `/assets/${id}`],
  ['its thumbnail', (id) => `/assets/${id}/thumbnail`],
  ['its preview', (id) => `/assets/${id}/thumbnail?size=preview`],
  ['the original', (id) => `/assets/${id}/original`],
  ['a change', (id) => `/assets/${id}`, () => sends('PUT', { isFavorite: true })],
  ['taking it out', () => '/assets', (id) => sends('PUT', { ids: [id], visibility: 'timeline' })],
  ['deleting it', () => '/assets', (id) => sends('DELETE', { ids: [id] })],
]

test('what is in the locked folder is as if it were not there, until the PIN is typed', async () => {
  const house = await home()
  await using _ = house.server
  const { gran, id } = house
  expect((await moveIn(house)).status).toBe(204)
  expect(await json(gran, '/timeline/buckets')).toEqual([])
  expect(await json(gran, '/assets/statistics')).toMatchObject({ total: 0 })
  expect((await api(gran, '/assets/statistics?visibility=locked')).status).toBe(401)
  for (const [name, path, init] of ways) {
    const { status } = await api(gran, path(id), init?.(id))
    expect([name, status < 500 && status >= 400]).toEqual([name, true])
  }

  expect((await unlock(gran)).status).toBe(204)
  expect(counts(await json(gran, '/timeline/buckets?visibility=locked'))).toEqual([1])
  expect(await json(gran, '/assets/statistics?visibility=locked')).toMatchObject({ total: 1 })
  for (const [name, path] of ways.slice(0, 4)) {
    const answer = await api(gran, path(id))
    expect([name, answer.status]).toEqual([name, 200])
    // Else the browser would show it after the folder is shut.
    expect([name, answer.headers.get('cache-control')]).toEqual([name, 'private, no-store'])
  }
  await lock(gran)
  expect((await api(gran, `/assets/${id}/thumbnail`)).status).toBe(400)
})

test('an API key sees nothing of it, also while a session of hers is open', async () => {
  const house = await home()
  await using _ = house.server
  const { gran, id } = house
  const { secret } = await json<{ secret: string }>(
    gran,
    '/api-keys',
    sends('POST', { permissions: ['all'] }),
  )
  await moveIn(house)
  await unlock(gran)
  const key = { port: gran.port, person: { headers: { 'x-api-key': secret } } }
  expect((await api(key, `/assets/${id}`)).status).toBe(400)
  expect((await api(key, `/assets/${id}/original`)).status).toBe(404)
  expect((await api(key, '/assets', sends('PUT', { ids: [id], visibility: 'timeline' }))).status).toBe(400)
})

test('what goes in leaves its albums for good, and cannot be put into one from there', async () => {
  const house = await home()
  await using _ = house.server
  const { gran, id, albumId } = house
  const inAlbum = () => json<{ assetCount: number }>(gran, `/albums/${albumId}`)
  expect(await inAlbum()).toMatchObject({ assetCount: 1, albumThumbnailAssetId: id })
  await moveIn(house)
  await unlock(gran)
  expect(await inAlbum()).toMatchObject({ assetCount: 0, albumThumbnailAssetId: null })
  expect(counts(await json(gran, `/timeline/buckets?albumId=${albumId}`))).toEqual([])
  const added = await json(gran, `/albums/${albumId}/assets`, sends('PUT', { ids: [id] }))
  expect(added).toMatchObject([{ id, success: false }])

  expect((await api(gran, '/assets', sends('PUT', { ids: [id], visibility: 'timeline' }))).status).toBe(204)
  expect(counts(await json(gran, '/timeline/buckets'))).toEqual([1])
  expect(await inAlbum()).toMatchObject({ assetCount: 0 })
})

test('another session of hers and another person see nothing of an open folder', async () => {
  const house = await home()
  await using server = house.server
  await moveIn(house)
  await unlock(house.gran)
  const body = { email: people.gran.email, password: people.gran.password }
  const login = await server.call({ method: 'POST', path: '/api/auth/login', body })
  const { accessToken } = login.body as { accessToken: string }
  const tablet = { port: server.port, person: { headers: { authorization: `Bearer ${accessToken}` } } }
  const anna = { port: server.port, person: await server.addPerson(people.anna) }
  for (const other of [tablet, anna]) {
    expect((await api(other, `/assets/${house.id}`)).status).toBe(400)
    expect((await api(other, '/timeline/buckets?visibility=locked')).status).toBe(401)
  }
})

test('a photo can come straight into the locked folder', async () => {
  const house = await home()
  await using server = house.server
  const { gran } = house
  const bytes = await jpeg({ width: 77 })
  const { body } = await upload(gran, { name: 'x.jpg', bytes, fields: { visibility: 'locked' } })
  await untilQuiet(server)
  expect((await api(gran, `/assets/${body.id}`)).status).toBe(400)
  await unlock(gran)
  expect((await api(gran, `/assets/${body.id}/thumbnail`)).status).toBe(200)
})
