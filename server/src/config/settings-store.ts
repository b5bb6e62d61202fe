import type { Database } from '../database/database.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import type { Clock } from '../platform/clock.ts'

/** The stored settings as text: what an admin changed, as the difference to the defaults. */
export type SettingsStore = {
  read(): Promise<string>
  write(text: string): Promise<void>
  /** Writes only where the text is still what it was. @returns whether it was */
  replace(before: string, after: string): Promise<boolean>
}

const key = 'system-config'

export function createSettingsStore({ db, clock }: { db: Database; clock: Clock }): SettingsStore {
  const readValue = prepareQuery<Record<string, never>, { value: string }>(db, () =>
    db.selectFrom('stored_settings').select('value').where('key', '=', key),
  )

  return {
    async read() {
      const [row] = await readValue({})
      return row?.value ?? '{}'
    },
    async write(value) {
      const updated_at = clock.now().toISOString()
      await db
        .insertInto('stored_settings')
        .values({ key, value, updated_at })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updated_at }))
        .execute()
    },
    async replace(before, value) {
      const replaced = await db
        .updateTable('stored_settings')
        .set({ value, updated_at: clock.now().toISOString() })
        .where('key', '=', key)
        .where('value', '=', before)
        .returning('key')
        .execute()
      return replaced.length > 0
    },
  }
}
