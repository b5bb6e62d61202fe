import { sql, type Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { AuditEventTable } from '../database/schema.ts'

export type AuditRow = Selectable<AuditEventTable>

/** Rows of one statement: 13 values each, far below what either database takes. */
const atOnce = 50
const deletedAtOnce = 2000

/** The table of the trail. */
export function createAuditRowStore(db: Database) {
  return {
    /** Adds rows, or their counts to the equal ones that are there: all or none. Safe in several processes at once. */
    async add(rows: readonly AuditRow[]): Promise<void> {
      // In one order, so that two processes never wait for each other's row.
      const sorted = rows.toSorted((a, b) => (a.sameness < b.sameness ? -1 : 1))
      await db.transaction().execute(async (tx) => {
        for (let start = 0; start < sorted.length; start += atOnce) {
          await tx
            .insertInto('audit_events')
            .values(sorted.slice(start, start + atOnce))
            .onConflict((conflict) =>
              conflict.column('sameness').doUpdateSet({
                count: sql`audit_events.count + excluded.count`,
                first_at: sql`case when excluded.first_at < audit_events.first_at then excluded.first_at else audit_events.first_at end`,
                last_at: sql`case when excluded.last_at > audit_events.last_at then excluded.last_at else audit_events.last_at end`,
              }),
            )
            .execute()
        }
      })
    },

    /** What is kept apart already since that time: a server that starts again goes on counting. */
    async knownSince(time: string): Promise<Pick<AuditRow, 'kind' | 'sameness'>[]> {
      return db.selectFrom('audit_events').select(['kind', 'sameness']).where('last_at', '>=', time).execute()
    },

    /** Answers how many rows are gone. */
    async removeBefore(time: string): Promise<number> {
      for (let gone = 0; ;) {
        const old = db
          .selectFrom('audit_events')
          .select('id')
          .where('last_at', '<', time)
          .limit(deletedAtOnce)
        const removed = await db.deleteFrom('audit_events').where('id', 'in', old).returning('id').execute()
        gone += removed.length
        if (removed.length < deletedAtOnce) return gone
      }
    },
  }
}

export type AuditRowStore = ReturnType<typeof createAuditRowStore>
