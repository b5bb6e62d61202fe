import type { Database, DatabaseTransaction } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'

/** Files that are about to get their name, so that a crash between disk and database is found again. */
export type FileIntents = {
  add(key: string): Promise<void>
  /** Forgets keys in the very transaction that makes rows refer to them. */
  settle(tx: Database | DatabaseTransaction, keys: readonly string[]): Promise<void>
  list(): Promise<string[]>
}

export function createFileIntentStore({
  db,
  holder,
  clock,
}: {
  db: Database
  holder: string
  clock: Clock
}): FileIntents {
  return {
    async add(key) {
      const row = { key, holder, created_at: clock.now().toISOString() }
      await db
        .insertInto('file_intents')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute()
    },
    async settle(tx, keys) {
      await tx.deleteFrom('file_intents').where('key', 'in', keys).execute()
    },
    async list() {
      const rows = await db.selectFrom('file_intents').select('key').where('holder', '=', holder).execute()
      return rows.map((row) => row.key)
    },
  }
}
