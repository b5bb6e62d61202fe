import type { Database, DatabaseTransaction } from '../database/database.ts'

/**
 * Work that must happen, also after a crash. It may run twice (a crash between doing and noting), so `run` must come
 * to the same end when it does.
 */
export type Job = {
  /** `<domain>.<work>`; stored, so it never changes once released. */
  name: string
  /** @throws {GiveUp} when trying again cannot help; any other error is tried again later */
  run(subject: string): Promise<void>
}

/** The work cannot succeed (a broken picture, say): note why and do not try again. */
export class GiveUp extends Error {
  override name = 'GiveUp'
}

export type JobCounts = { active: number; waiting: number; delayed: number; failed: number }

export type Jobs = {
  /**
   * Notes work to be done, in the transaction that makes it necessary; call `wake` after its commit. Asking again
   * for the same name and subject is one piece of work, done after the latest request.
   */
  enqueue(tx: Database | DatabaseTransaction, name: string, subject: string): Promise<void>
  /** Looks for due work now instead of at the next poll. */
  wake(): void
  /** By job name; names without any work are absent. */
  counts(): Promise<Map<string, JobCounts>>
}

export type JobQueue = Jobs & {
  /** Takes back what this server left behind in a crash, then works until `stop`. */
  start(jobs: readonly Job[]): Promise<void>
  /** Takes no new work and waits for what is running. */
  stop(): Promise<void>
}
