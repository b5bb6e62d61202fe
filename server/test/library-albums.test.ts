import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, json, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

type Album = { id: string; albumName: string; assetCount: number; albumThumbnailAssetId: string | null }

let server: TestServer
let gran: Client
let anna: Client
const photos: string[] = []

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
  anna = { port: server.port, person: await server.addPerson(people.anna) }
  for (const year of ['2001', '2002', '2003']) {
    const fields = { fileCreatedAt: `${year}-01-02T03:04:05Z`, fileModifiedAt: `${year}-01-02T03:04:05Z` }
    photos.push((await upload(gran, { name: `${year}.jpg`, bytes: await jpeg(), fields })).body.id)
  }
  await untilQuiet(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const create = (body: object) => json<Album>(gran, '/albums', sends('POST', body))

test('what the CLI does with an album: look, create, fill, fill again', async () => {
  expect(await json(gran, '/albums')).toEqual([])
  const album = await create({ albumName: 'Summer' })
  expect(album).toMatchObject({
    albumName: 'Summer',
    description: '',
    assetCount: 0,
    albumThumbnailAssetId: null,
  })
  const fill = (ids: string[]) => json(gran, `/albums/${album.id}/assets`, sends('PUT', { ids }))
  expect(await fill(photos.slice(0, 2))).toEqual(photos.slice(0, 2).map((id) => ({ id, success: true })))
  expect(await fill(photos)).toEqual([
    { id: photos[0], success: false, error: 'duplicate' },
    { id: photos[1], success: false, error: 'duplicate' },
    { id: photos[2], success: true },
  ])
  expect(await json(gran, '/albums')).toMatchObject([
    {
      id: album.id,
      assetCount: 3,
      albumThumbnailAssetId: photos[2],
      startDate: '2001-01-02T03:04:05.000Z',
      endDate: '2003-01-02T03:04:05.000Z',
      albumUsers: [{ role: 'owner', user: { name: people.gran.name } }],
      shared: false,
      order: 'desc',
    },
  ])
})

test('an album is renamed, gets a cover, loses photos and goes; the photos stay', async () => {
  const { id } = await create({ albumName: 'Old name', assetIds: photos })
  const changed = await json<Album>(
    gran,
    `/albums/${id}`,
    sends('PATCH', { albumName: 'New name', albumThumbnailAssetId: photos[0], order: 'asc' }),
  )
  expect(changed).toMatchObject({ albumName: 'New name', albumThumbnailAssetId: photos[0], order: 'asc' })
  const dropped = await json(gran, `/albums/${id}/assets`, sends('DELETE', { ids: [photos[0], id] }))
  expect(dropped).toEqual([
    { id: photos[0], success: true },
    { id, success: false, error: 'not_found' },
  ])
  // The cover left with it.
  expect(await json(gran, `/albums/${id}`)).toMatchObject({
    assetCount: 2,
    albumThumbnailAssetId: photos[2],
    contributorCounts: [{ assetCount: 2 }],
  })
  expect((await api(gran, `/albums/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await api(gran, `/albums/${id}`)).status).toBe(400)
  expect((await api(gran, `/assets/${photos[1]}`)).status).toBe(200)
})

test('a photo in the trash is not counted, one removed for good is gone from the album', async () => {
  const photo = (await upload(gran, { name: 'x.jpg', bytes: await jpeg() })).body.id
  const { id } = await create({ albumName: 'Short', assetIds: [photo, photos[0]] })
  const count = async () => (await json<Album>(gran, `/albums/${id}`)).assetCount
  expect(await count()).toBe(2)
  await api(gran, '/assets', sends('DELETE', { ids: [photo] }))
  expect(await count()).toBe(1)
  await api(gran, '/assets', sends('DELETE', { ids: [photo], force: true }))
  expect(await count()).toBe(1)
})

test('anna neither sees gran’s albums nor puts gran’s photos into hers', async () => {
  const { id } = await create({ albumName: 'Private', assetIds: photos })
  expect(await json(anna, '/albums')).toEqual([])
  const refused = await api(anna, `/albums/${id}`)
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { message: 'Not found or no album.read access' },
  ])
  for (const [method, path, body] of [
    ['PATCH', '', { albumName: 'Mine' }],
    ['PUT', '/assets', { ids: photos }],
    ['DELETE', '/assets', { ids: photos }],
  ] as const) {
    expect((await api(anna, `/albums/${id}${path}`, sends(method, body))).status).toBe(400)
  }
  expect((await api(anna, `/albums/${id}`, { method: 'DELETE' })).status).toBe(400)

  const hers = await json<Album>(anna, '/albums', sends('POST', { albumName: 'Hers', assetIds: photos }))
  expect(hers.assetCount).toBe(0)
  expect(await json(anna, `/albums/${hers.id}/assets`, sends('PUT', { ids: photos.slice(0, 1) }))).toEqual([
    { id: photos[0], success: false, error: 'no_permission' },
  ])
  expect((await json<Album>(anna, `/albums/${hers.id}`)).assetCount).toBe(0)
  expect((await json<Album>(gran, `/albums/${id}`)).albumName).toBe('Private')
})

test('albums can be asked for by a photo in them, by name, and by being shared', async () => {
  const album = await create({ albumName: 'By photo', assetIds: [photos[1]] })
  const ids = async (query: string) => (await json<Album[]>(gran, `/albums?${query}`)).map(({ id }) => id)
  expect(await ids(`assetId=${photos[1]}`)).toContain(album.id)
  expect(await ids('name=By%20photo')).toEqual([album.id])
  expect(await ids('isShared=true')).toEqual([])
  expect(await ids('isOwned=true')).toContain(album.id)
})
