import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, json, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client
let anna: Client
const ids: Record<string, string> = {}

const moments = {
  july1: '2021-07-02T16:06:00+00:00',
  july2: '2021-07-28T08:36:00+00:00',
  /** Still the last of July where it was taken, August in UTC. */
  julyInLima: '2021-07-31T23:30:00-05:00',
  may: '2019-05-05T10:00:00+00:00',
}

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
  anna = { port: server.port, person: await server.addPerson(people.anna) }
  for (const [name, dateTimeOriginal] of Object.entries(moments)) {
    const { body } = await upload(gran, {
      name: name === 'may' ? 'm.mp4' : `${name}.jpg`,
      bytes: Buffer.from(name),
    })
    ids[name] = body.id
    await json(gran, `/assets/${body.id}`, sends('PUT', { dateTimeOriginal }))
  }
  await untilQuiet(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const buckets = (query = '') => json(gran, `/timeline/buckets${query}`)
const bucket = (query: string, client = gran) =>
  json<Record<string, unknown[]>>(client, `/timeline/bucket?${query}`)

test('a month is the month on the wall where the photo was taken', async () => {
  expect(await buckets()).toEqual([
    { timeBucket: '2021-07-01', count: 3 },
    { timeBucket: '2019-05-01', count: 1 },
  ])
  expect(await buckets('?order=asc')).toEqual([
    { timeBucket: '2019-05-01', count: 1 },
    { timeBucket: '2021-07-01', count: 3 },
  ])
})

test('a bucket is a column per fact, latest first, with exactly the keys that clients know', async () => {
  const july = await bucket('timeBucket=2021-07-01')
  expect(Object.keys(july).sort()).toEqual([
    'city',
    'country',
    'createdAt',
    'duration',
    'fileCreatedAt',
    'id',
    'isFavorite',
    'isImage',
    'isTrashed',
    'livePhotoVideoId',
    'localOffsetHours',
    'ownerId',
    'projectionType',
    'ratio',
    'status',
    'thumbhash',
    'visibility',
  ])
  expect(Object.values(july).map((column) => column.length)).toEqual(Object.values(july).map(() => 3))
  expect(july).toMatchObject({
    id: [ids['julyInLima'], ids['july2'], ids['july1']],
    fileCreatedAt: ['2021-08-01T04:30:00.000', '2021-07-28T08:36:00.000', '2021-07-02T16:06:00.000'],
    localOffsetHours: [-5, 0, 0],
    isImage: [true, true, true],
    ratio: [1, 1, 1],
    status: ['active', 'active', 'active'],
  })
  expect((await bucket('timeBucket=2021-07-01&order=asc'))['id']).toEqual(july['id']?.toReversed())
})

test('coordinates and stacks are there when asked for, and an empty month has empty columns', async () => {
  const july = await bucket('timeBucket=2021-07-01&withCoordinates=true&withStacked=true')
  expect(july).toMatchObject({
    latitude: [null, null, null],
    longitude: [null, null, null],
    stack: [null, null, null],
  })
  expect(await bucket('timeBucket=1999-01-01')).toMatchObject({ id: [], ratio: [] })
})

test('favourites, archive and album narrow it down', async () => {
  const { july1 = '', may = '' } = ids
  await json(gran, `/assets/${july1}`, sends('PUT', { isFavorite: true }))
  await json(gran, `/assets/${may}`, sends('PUT', { visibility: 'archive' }))
  expect(await buckets('?isFavorite=true')).toEqual([{ timeBucket: '2021-07-01', count: 1 }])
  expect((await bucket('timeBucket=2021-07-01&isFavorite=true'))['id']).toEqual([july1])
  expect(await buckets('?visibility=archive')).toEqual([{ timeBucket: '2019-05-01', count: 1 }])
  expect(await buckets('?visibility=timeline')).toEqual([{ timeBucket: '2021-07-01', count: 3 }])

  const album = await json<{ id: string }>(
    gran,
    '/albums',
    sends('POST', { albumName: 'x', assetIds: [july1, may] }),
  )
  expect(await buckets(`?albumId=${album.id}`)).toEqual([
    { timeBucket: '2021-07-01', count: 1 },
    { timeBucket: '2019-05-01', count: 1 },
  ])
  expect((await bucket(`timeBucket=2019-05-01&albumId=${album.id}`))['id']).toEqual([may])
  expect(await buckets('?orderBy=createdAt')).toEqual([
    { timeBucket: `${new Date().toISOString().slice(0, 7)}-01`, count: 4 },
  ])
})

test.each([
  [
    'somebody else’s timeline',
    '?userId=7a48769d-cd0e-4134-bf51-424285022581',
    400,
    'Not found or no timeline.read access',
  ],
  [
    'an album that is not there',
    '?albumId=7a48769d-cd0e-4134-bf51-424285022581',
    400,
    'Not found or no album.read access',
  ],
  ['the locked folder', '?visibility=locked', 401, 'Elevated permission is required'],
  [
    'partners in the archive',
    '?withPartners=true&visibility=archive',
    400,
    expect.stringContaining('withPartners') as string,
  ],
  ['a map area', '?bbox=1,2,3,4', 400, 'Filtering by map area is not available'],
])('%s is refused', async (_, query, status, message) => {
  const answer = await api(gran, `/timeline/buckets${query}`)
  expect([answer.status, await answer.json()]).toEqual([status, { message }])
})

test('people and tags are not known here, so nothing is found; anna finds nothing of gran', async () => {
  const query = 'personId=7a48769d-cd0e-4134-bf51-424285022581'
  expect(await buckets(`?${query}`)).toEqual([])
  expect(await bucket(`timeBucket=2021-07-01&${query}`)).toMatchObject({ id: [] })
  expect(await json(anna, '/timeline/buckets')).toEqual([])
  expect(await bucket('timeBucket=2021-07-01', anna)).toMatchObject({ id: [] })
})
