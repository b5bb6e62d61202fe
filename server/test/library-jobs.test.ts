import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database, type DatabaseKind } from '../src/database/database.ts'
import { createJobQueue } from '../src/jobs/job-queue.ts'
import { createJobStore } from '../src/jobs/job-store.ts'
import { GiveUp, type Job, type JobQueue } from '../src/jobs/jobs.ts'
import { createLogger } from '../src/platform/logger.ts'
import { json, type Client } from './library-client.ts'
import { people, startServer } from './start-server.ts'
import { createTestDatabase } from './test-database.ts'

const logger = createLogger('silent')
let folder: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let db: Database
let kind: DatabaseKind
let now: Date
const queues: JobQueue[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-jobs-'))
  database = await createTestDatabase()
  ;({ db, kind } = await openDatabase({ url: database.url, file: join(folder, 'jobs.sqlite'), logger }))
  now = new Date('2026-01-01T00:00:00Z')
})
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop()))
  await db.destroy()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

function queueOf(holder: string, { concurrency = 2 } = {}): JobQueue {
  const store = createJobStore({ db, kind, clock: { now: () => now }, holder })
  const queue = createJobQueue({ store, logger, concurrency, delayMs: () => 60_000 })
  queues.push(queue)
  return queue
}

const rows = () => db.selectFrom('jobs').selectAll().orderBy('subject').execute()
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1_000)
}

/** A job that notes what it did. */
function noting(run: (subject: string) => Promise<void> = async () => {}): Job & { done: string[] } {
  const done: string[] = []
  return {
    name: 'test.note',
    done,
    async run(subject) {
      await run(subject)
      done.push(subject)
    },
  }
}

test('work is done once it is asked for, the oldest first, and then forgotten', async () => {
  const queue = queueOf('one', { concurrency: 1 })
  const job = noting()
  for (const subject of ['a', 'b', 'c']) {
    await queue.enqueue(db, job.name, subject)
    later(1)
  }
  await queue.start([job])
  await expect.poll(() => job.done).toEqual(['a', 'b', 'c'])
  await expect.poll(rows).toEqual([])
})

test('work that was asked for in a transaction that failed is never done', async () => {
  const queue = queueOf('one')
  const job = noting()
  await queue.start([job])
  const failing = db.transaction().execute(async (tx) => {
    await queue.enqueue(tx, job.name, 'a')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  queue.wake()
  await pause(50)
  expect(job.done).toEqual([])
})

test('no more runs at once than there is room for', async () => {
  let active = 0
  let most = 0
  const queue = queueOf('one', { concurrency: 3 })
  const job = noting(async () => {
    most = Math.max(most, ++active)
    await pause(5)
    active--
  })
  for (let n = 0; n < 20; n++) await queue.enqueue(db, job.name, String(n))
  await queue.start([job])
  for (let n = 0; n < 20; n++) queue.wake()
  await expect.poll(() => job.done.length, { timeout: 5_000 }).toBe(20)
  expect(most).toBe(3)
})

test('two servers on one database never do the same work', async () => {
  const [one, two] = [queueOf('one'), queueOf('two')]
  const jobs = [noting(() => pause(2)), noting(() => pause(2))] as const
  for (let n = 0; n < 40; n++) await one.enqueue(db, 'test.note', String(n))
  await Promise.all([one.start([jobs[0]]), two.start([jobs[1]])])
  const done = () => [...jobs[0].done, ...jobs[1].done]
  await expect.poll(() => done().length, { timeout: 10_000 }).toBe(40)
  expect(new Set(done()).size).toBe(40)
  expect(Math.min(jobs[0].done.length, jobs[1].done.length)).toBeGreaterThan(0)
})

test('work that was asked for again while it ran is done again', async () => {
  const queue = queueOf('one', { concurrency: 1 })
  const started = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const job = noting(async () => {
    started.resolve()
    await release.promise
  })
  await queue.enqueue(db, job.name, 'a')
  await queue.enqueue(db, job.name, 'a')
  await queue.start([job])
  await started.promise
  await queue.enqueue(db, job.name, 'a')
  expect(await rows()).toMatchObject([{ state: 'active', holder: 'one' }])
  release.resolve()
  await expect.poll(() => job.done).toEqual(['a', 'a'])
  await expect.poll(rows).toEqual([])
})

test('what fails is tried again later, not at once, and after five times it stays with its reason', async () => {
  const queue = queueOf('one')
  let tries = 0
  const job = noting(async () => {
    tries++
    throw new Error('the disk is tired')
  })
  await queue.enqueue(db, job.name, 'a')
  await queue.start([job])
  for (let expected = 1; expected <= 5; expected++) {
    await expect.poll(() => tries).toBe(expected)
    await expect.poll(async () => (await rows())[0]?.state).not.toBe('active')
    queue.wake()
    await pause(20)
    expect(tries).toBe(expected)
    later(61)
    queue.wake()
  }
  expect(await rows()).toMatchObject([
    { state: 'failed', error: 'the disk is tired', attempts: 5, due_at: null },
  ])

  // Asked for anew, it gets a new chance.
  await queue.enqueue(db, job.name, 'a')
  queue.wake()
  await expect.poll(() => tries).toBe(6)
})

test('what cannot succeed is not tried again', async () => {
  const queue = queueOf('one')
  const job = noting(async () => {
    throw new GiveUp('not a picture')
  })
  await queue.enqueue(db, job.name, 'a')
  await queue.start([job])
  await expect.poll(rows).toMatchObject([{ state: 'failed', error: 'not a picture', attempts: 1 }])
})

test('a server that comes back takes its own work back at once; others wait until the lease runs out', async () => {
  const stuck = noting(() => new Promise(() => {}))
  const crashed = queueOf('one')
  await crashed.enqueue(db, stuck.name, 'a')
  await crashed.start([stuck])
  await expect.poll(rows).toMatchObject([{ state: 'active', holder: 'one' }])

  const other = noting()
  const neighbour = queueOf('two')
  await neighbour.start([other])
  neighbour.wake()
  await pause(50)
  expect(other.done).toEqual([])

  const back = noting()
  const restarted = queueOf('one')
  await restarted.start([back])
  await expect.poll(() => back.done).toEqual(['a'])

  await crashed.enqueue(db, stuck.name, 'b')
  crashed.wake()
  await expect.poll(rows).toMatchObject([{ subject: 'b', state: 'active' }])
  later(121)
  neighbour.wake()
  await expect.poll(() => [...other.done, ...back.done]).toContain('b')
}, 20_000)

test('the admin sees the queues that Immich’s clients know; a member does not', async () => {
  await using server = await startServer()
  const admin: Client = { port: server.port, person: await server.signUpAdmin() }
  const queues = await json<Record<string, unknown>>(admin, '/jobs')
  expect(Object.keys(queues)).toHaveLength(19)
  expect(queues['thumbnailGeneration']).toEqual({
    queueStatus: { isActive: false, isPaused: false },
    jobCounts: { active: 0, completed: 0, failed: 0, delayed: 0, waiting: 0, paused: 0 },
  })
  const failed = {
    id: '1',
    name: 'assets.metadata',
    subject: 'x',
    state: 'failed' as const,
    attempts: 5,
    revision: 1,
  }
  await server.app.db
    .insertInto('jobs')
    .values({ ...failed, due_at: null, holder: null, error: 'torn', created_at: now.toISOString() })
    .execute()
  expect(await json(admin, '/jobs')).toMatchObject({ metadataExtraction: { jobCounts: { failed: 1 } } })

  const gran = { ...admin, person: await server.addPerson(people.gran) }
  await expect(json(gran, '/jobs')).rejects.toThrow('403')
})

test('a reason with bytes that no database keeps is noted all the same', async () => {
  const queue = queueOf('one')
  const job = noting(async () => {
    throw new GiveUp('broken at \0 and \ud83d')
  })
  await queue.enqueue(db, job.name, 'a')
  await queue.start([job])
  await expect.poll(rows).toMatchObject([{ state: 'failed', error: 'broken at  and \ufffd' }])
})
