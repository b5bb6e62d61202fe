import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../platform/logger.ts'
import type { ClaimedJob, JobStore } from './job-store.ts'
import { GiveUp, type Job, type JobQueue } from './jobs.ts'

const pollMs = 3_000
const renewMs = 30_000
const maxAttempts = 5
const graceMs = 5_000
/** 5 s, 25 s, 2 min, 10 min. */
const backoffMs = (attempts: number) => 1_000 * 5 ** attempts

/** Programs repeat what they read in a file, which may be anything; a database cannot keep every text. */
const plain = (text: string) => text.replaceAll('\0', '').toWellFormed()

type Ports = {
  store: JobStore
  logger: Logger
  /** Jobs at once; as many as there are cores when not said. */
  concurrency?: number
  delayMs?: (attempts: number) => number
}

/** Works through the durable list: woken by this server's own requests, by a poll for those of others. */
export function createJobQueue({ store, logger, concurrency, delayMs = backoffMs }: Ports): JobQueue {
  const width = concurrency ?? Math.max(1, availableParallelism())
  const known = new Map<string, Job>()
  const running = new Set<Promise<void>>()
  const timers: NodeJS.Timeout[] = []
  let stopped = true
  let looking: Promise<void> | undefined
  let lookAgain = false

  /** One look at a time, so that `width` holds; whoever asks meanwhile causes another one. */
  const wake = () => {
    if (stopped) return
    lookAgain = true
    looking ??= look().finally(() => {
      looking = undefined
      if (lookAgain && mayTakeMore()) wake()
    })
  }

  const mayTakeMore = () => !stopped && running.size < width

  async function look(): Promise<void> {
    lookAgain = false
    while (mayTakeMore()) {
      const job = await store.claim([...known.keys()]).catch((error: unknown) => {
        logger.error({ err: error }, 'jobs could not be read')
        return undefined
      })
      if (!job) return
      const work = runOne(job).finally(() => {
        running.delete(work)
        wake()
      })
      running.add(work)
    }
  }

  async function runOne(job: ClaimedJob): Promise<void> {
    try {
      await known.get(job.name)?.run(job.subject)
      await store.done(job)
    } catch (error) {
      await noteFailure(job, error).catch((err: unknown) =>
        logger.error({ err }, 'a failed job could not be noted'),
      )
    }
  }

  async function noteFailure(job: ClaimedJob, error: unknown): Promise<void> {
    const reason = plain(error instanceof Error ? error.message : String(error))
    const final = error instanceof GiveUp || job.attempts >= maxAttempts
    logger.warn(
      { job: job.name, subject: job.subject, attempts: job.attempts, reason, final },
      'a job failed',
    )
    if (final) await store.failed(job, reason)
    else await store.retryLater(job, { error: reason, delayMs: delayMs(job.attempts) })
  }

  return {
    enqueue: (tx, name, subject) => store.enqueue(tx, name, subject),
    counts: () => store.counts(),
    wake,
    async start(jobs) {
      for (const job of jobs) known.set(job.name, job)
      await store.takeBack()
      stopped = false
      timers.push(setInterval(wake, pollMs).unref())
      timers.push(setInterval(() => void renew(), renewMs).unref())
      wake()
    },
    async stop() {
      stopped = true
      for (const timer of timers.splice(0)) clearInterval(timer)
      await looking
      // What takes longer is cut off and done again after the next start.
      await Promise.race([Promise.all(running), pause(graceMs, undefined, { ref: false })])
    },
  }

  async function renew(): Promise<void> {
    if (running.size > 0)
      await store.renewLeases().catch((err: unknown) => logger.error({ err }, 'leases not renewed'))
  }
}
