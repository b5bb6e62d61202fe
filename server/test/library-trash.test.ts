import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, json, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client
let anna: Client

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
  anna = { port: server.port, person: await server.addPerson(people.anna) }
})
afterAll(() => server[Symbol.asyncDispose]())

async function keptPhoto(): Promise<string> {
  const { body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg() })
  await untilQuiet(server)
  return body.id
}

const filesOf = async (id: string) =>
  (await readdir(join(server.dataDir, 'media'), { recursive: true })).filter((path) =>
    path.includes(`/${id}`),
  )
const remove = (client: Client, ids: string[], force?: boolean) =>
  api(client, '/assets', sends('DELETE', { ids, force }))
const usage = async () => (await json<{ quotaUsageInBytes: number }>(gran, '/users/me')).quotaUsageInBytes
const inTimeline = async (query = '') =>
  (await json<{ count: number }[]>(gran, `/timeline/buckets${query}`)).reduce(
    (sum, { count }) => sum + count,
    0,
  )

test('a deleted photo leaves the timeline but not the disk, and comes back when asked', async () => {
  const id = await keptPhoto()
  const shown = await inTimeline()
  const room = await usage()
  expect((await remove(gran, [id])).status).toBe(204)
  expect(await inTimeline()).toBe(shown - 1)
  expect(await inTimeline('?isTrashed=true')).toBe(1)
  expect(await json(gran, `/assets/${id}`)).toMatchObject({ isTrashed: true })
  expect([(await filesOf(id)).length, await usage()]).toEqual([3, room])

  expect(await json(gran, '/trash/restore/assets', sends('POST', { ids: [id] }))).toEqual({ count: 1 })
  expect(await inTimeline()).toBe(shown)
  expect(await json(gran, '/trash/restore', { method: 'POST' })).toEqual({ count: 0 })
})

test('an emptied trash gives back the bytes and the room', async () => {
  const before = await usage()
  const [one, two] = [await keptPhoto(), await keptPhoto()]
  await remove(gran, [one])
  expect(await json(gran, '/trash/empty', { method: 'POST' })).toEqual({ count: 1 })
  await untilQuiet(server)
  expect([(await filesOf(one)).length, (await filesOf(two)).length]).toEqual([0, 3])

  expect((await remove(gran, [two], true)).status).toBe(204)
  await untilQuiet(server)
  expect([(await filesOf(two)).length, await usage()]).toEqual([0, before])
  expect((await api(gran, `/assets/${two}/original`)).status).toBe(404)
})

test('a photo removed for good while its thumbnail is made leaves no thumbnail', async () => {
  const { body } = await upload(gran, { name: 'a.jpg', bytes: await jpeg({ width: 3000, height: 2000 }) })
  await remove(gran, [body.id], true)
  await untilQuiet(server)
  expect(await filesOf(body.id)).toEqual([])
  expect(await server.app.db.selectFrom('file_intents').selectAll().execute()).toEqual([])
})

test('anna can neither delete, change nor restore gran’s photo, not even among her own', async () => {
  const id = await keptPhoto()
  const own = (await upload(anna, { name: 'hers.jpg', bytes: await jpeg() })).body.id
  const refused = async (answer: Response) => [answer.status, await answer.json()]
  expect(await refused(await remove(anna, [own, id], true))).toEqual([
    400,
    { message: 'Not found or no asset.delete access' },
  ])
  expect(
    await refused(await api(anna, '/assets', sends('PUT', { ids: [own, id], isFavorite: true }))),
  ).toEqual([400, { message: 'Not found or no asset.update access' }])
  expect((await api(anna, `/assets/${id}`, sends('PUT', { rating: 5 }))).status).toBe(400)
  expect((await api(anna, '/trash/restore/assets', sends('POST', { ids: [id] }))).status).toBe(400)
  expect(await json(anna, `/assets/${own}`)).toMatchObject({ isTrashed: false, isFavorite: false })
  expect(await json(gran, `/assets/${id}`)).toMatchObject({ isTrashed: false, isFavorite: false })
})

test('a household without a trash deletes at once', async () => {
  await using strict = await startServer()
  const client = { port: strict.port, person: await strict.signUpAdmin() }
  const config = await json<{ trash: object }>(client, '/system-config')
  await json(
    client,
    '/system-config',
    sends('PUT', { ...config, trash: { ...config.trash, enabled: false } }),
  )
  const { body } = await upload(client, { name: 'a.jpg', bytes: await jpeg() })
  expect((await remove(client, [body.id])).status).toBe(204)
  expect((await api(client, `/assets/${body.id}`)).status).toBe(400)
})
