import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, json, sends, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client & { id: string }

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  const person = await server.addPerson(people.gran)
  gran = { port: server.port, person, id: person.id }
})
afterAll(() => server[Symbol.asyncDispose]())

/** The same choices every time: a failure can be repeated. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * sides)
  }
}

async function countedByHand() {
  const rows = await server.app.db.selectFrom('assets').selectAll().where('owner_id', '=', gran.id).execute()
  const counts: Record<string, [number, number]> = {}
  for (const row of rows) {
    const key = [row.month, row.type, row.visibility, row.is_favorite, row.deleted_at ? 1 : 0].join(' ')
    const [count, bytes] = counts[key] ?? [0, 0]
    counts[key] = [count + 1, bytes + row.size_bytes]
  }
  return { counts, usage: rows.reduce((sum, row) => sum + row.size_bytes, 0) }
}

async function kept() {
  const rows = await server.app.db
    .selectFrom('asset_counts')
    .selectAll()
    .where('owner_id', '=', gran.id)
    .execute()
  const counts: Record<string, [number, number]> = {}
  for (const row of rows) {
    const key = [row.month, row.type, row.visibility, row.is_favorite, row.is_trashed].join(' ')
    if (row.count !== 0 || row.bytes !== 0) counts[key] = [row.count, row.bytes]
  }
  const { usage_bytes: usage } = await server.app.db
    .selectFrom('users')
    .select('usage_bytes')
    .where('id', '=', gran.id)
    .executeTakeFirstOrThrow()
  return { counts, usage }
}

test('after whatever a household does, the kept counts are the true ones', async () => {
  const roll = dice(7)
  const ids: string[] = []
  const some = () => ids.filter(() => roll(3) === 0).slice(0, 6)
  const change = (body: object) => api(gran, '/assets', sends('PUT', { ids: some(), ...body }))
  const month = () => `20${10 + roll(9)}-0${1 + roll(9)}-15T12:00:00Z`
  const acts = [
    async () => {
      const name = roll(2) === 0 ? 'clip.mp4' : 'photo.jpg'
      const bytes = Buffer.from(`not a picture ${ids.length} ${roll(1e9)}`)
      const fileCreatedAt = month()
      const { body } = await upload(gran, {
        name,
        bytes,
        fields: { fileCreatedAt, isFavorite: String(roll(2) === 0) },
      })
      ids.push(body.id)
    },
    () => change({ isFavorite: roll(2) === 0 }),
    () => change({ visibility: ['archive', 'timeline', 'hidden'][roll(3)] }),
    () => change({ dateTimeOriginal: month() }),
    () => change({ dateTimeRelative: roll(100_000) - 50_000 }),
    () => change({ timeZone: 'Pacific/Kiritimati' }),
    () => api(gran, '/assets', sends('DELETE', { ids: some() })),
    () => api(gran, '/trash/restore/assets', sends('POST', { ids: some() })),
    () => api(gran, '/trash/restore', { method: 'POST' }),
    async () => {
      const gone = some().slice(0, 2)
      const answer = await api(gran, '/assets', sends('DELETE', { ids: gone, force: true }))
      if (answer.status === 204) for (const id of gone) ids.splice(ids.indexOf(id), 1)
    },
  ]
  for (let step = 0; step < 12; step++) await acts[0]?.()
  for (let step = 0; step < 60; step++) {
    // Two at once, so that they meet in the database.
    await Promise.all([acts[roll(acts.length)]?.(), acts[roll(2)]?.()])
  }
  await untilQuiet(server)
  const truth = await countedByHand()
  expect(await kept()).toEqual(truth)
  expect(Object.keys(truth.counts).length).toBeGreaterThan(5)

  const buckets = await json<{ timeBucket: string; count: number }[]>(gran, '/timeline/buckets')
  for (const { timeBucket, count } of buckets) {
    const { id } = await json<{ id: string[] }>(gran, `/timeline/bucket?timeBucket=${timeBucket}`)
    expect([timeBucket, id.length]).toEqual([timeBucket, count])
    expect(count).toBeGreaterThan(0)
  }

  await json(gran, '/trash/empty', { method: 'POST' })
  expect(await kept()).toEqual(await countedByHand())
})

test('the admin sees what each person keeps, and what room it takes', async () => {
  const admin = await json<{ accessToken: string }>(
    gran,
    '/auth/login',
    sends('POST', { email: people.admin.email, password: people.admin.password }),
  )
  const person = { headers: { authorization: `Bearer ${admin.accessToken}` } }
  type Use = { userId: string; photos: number; videos: number; usage: number }
  const { usageByUser } = await json<{ usageByUser: Use[] }>({ ...gran, person }, '/server/statistics')
  const rows = await server.app.db.selectFrom('assets').selectAll().where('owner_id', '=', gran.id).execute()
  expect(usageByUser.find(({ userId }) => userId === gran.id)).toMatchObject({
    photos: rows.filter(({ type }) => type === 'IMAGE').length,
    videos: rows.filter(({ type }) => type === 'VIDEO').length,
    usage: rows.reduce((sum, row) => sum + row.size_bytes, 0),
  })
})
