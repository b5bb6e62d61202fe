import { sql } from 'kysely'
import type { Database, DatabaseKind, DatabaseTransaction } from '../database/database.ts'
import { newId, type Clock } from '../platform/clock.ts'
import type { JobCounts } from './jobs.ts'

export type ClaimedJob = { id: string; name: string; subject: string; attempts: number; revision: number }

/** A worker that says nothing for this long is dead and its job is anybody's. */
const leaseMs = 120_000

export type JobStore = ReturnType<typeof createJobStore>

/** The durable list of jobs. `holder` marks what this server is at work on. */
export function createJobStore({
  db,
  kind,
  clock,
  holder,
}: {
  db: Database
  kind: DatabaseKind
  clock: Clock
  holder: string
}) {
  const at = (delayMs: number) => new Date(clock.now().getTime() + delayMs).toISOString()
  /** Two servers must not wait for each other's candidate, nor take it both. SQLite has one writer anyway. */
  const skipLocked = kind === 'postgresql' ? sql`for update skip locked` : sql``

  return {
    async enqueue(tx: Database | DatabaseTransaction, name: string, subject: string) {
      const row = {
        id: newId(),
        name,
        subject,
        state: 'waiting' as const,
        attempts: 0,
        due_at: at(0),
        revision: 1,
      }
      await tx
        .insertInto('jobs')
        .values({ ...row, holder: null, error: null, created_at: at(0) })
        .onConflict((conflict) =>
          conflict.columns(['name', 'subject']).doUpdateSet({
            revision: (eb) => eb('jobs.revision', '+', 1),
            attempts: 0,
            state: sql`case when jobs.state = 'active' then 'active' else 'waiting' end`,
            due_at: sql`case when jobs.state = 'active' then jobs.due_at else excluded.due_at end`,
          }),
        )
        .execute()
    },

    /** The job that has been due the longest, or one whose worker died. */
    async claim(names: readonly string[]): Promise<ClaimedJob | undefined> {
      return db
        .updateTable('jobs')
        .set({ state: 'active', holder, due_at: at(leaseMs), attempts: (eb) => eb('attempts', '+', 1) })
        .where(
          'id',
          '=',
          sql<string>`(select id from jobs where due_at <= ${at(0)} and name in (${sql.join(names)})
            order by due_at limit 1 ${skipLocked})`,
        )
        .returning(['id', 'name', 'subject', 'attempts', 'revision'])
        .executeTakeFirst()
    },

    /** Says that this server is alive and still at work on all it has claimed. */
    async renewLeases(): Promise<void> {
      await db
        .updateTable('jobs')
        .set({ due_at: at(leaseMs) })
        .where('holder', '=', holder)
        .where('state', '=', 'active')
        .execute()
    },

    async done({ id, revision }: ClaimedJob): Promise<void> {
      const { numDeletedRows } = await db
        .deleteFrom('jobs')
        .where('id', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirst()
      // Asked for again while it ran.
      if (numDeletedRows === 0n) {
        await db
          .updateTable('jobs')
          .set({ state: 'waiting', holder: null, attempts: 0, due_at: at(0) })
          .where('id', '=', id)
          .execute()
      }
    },

    async retryLater(
      { id }: ClaimedJob,
      { error, delayMs }: { error: string; delayMs: number },
    ): Promise<void> {
      await db
        .updateTable('jobs')
        .set({ state: 'waiting', holder: null, error, due_at: at(delayMs) })
        .where('id', '=', id)
        .execute()
    },

    async failed({ id }: ClaimedJob, error: string): Promise<void> {
      await db
        .updateTable('jobs')
        .set({ state: 'failed', holder: null, error, due_at: null })
        .where('id', '=', id)
        .execute()
    },

    /** What this server was at work on when it died is waiting again, without delay. */
    async takeBack(): Promise<void> {
      await db
        .updateTable('jobs')
        .set({ state: 'waiting', holder: null, due_at: at(0) })
        .where('holder', '=', holder)
        .where('state', '=', 'active')
        .execute()
    },

    async counts(): Promise<Map<string, JobCounts>> {
      const rows = await db
        .selectFrom('jobs')
        .select(['name', 'state', sql<number>`case when due_at > ${at(0)} then 1 else 0 end`.as('later')])
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .groupBy(['name', 'state', 'later'])
        .execute()
      const counts = new Map<string, JobCounts>()
      for (const { name, state, later, count } of rows) {
        const entry = counts.get(name) ?? { active: 0, waiting: 0, delayed: 0, failed: 0 }
        counts.set(name, entry)
        entry[state === 'waiting' && later === 1 ? 'delayed' : state] += count
      }
      return counts
    },
  }
}
