import type { Database, DatabaseTransaction } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'

/** What becomes of a picture; `source` undefined leaves the address that it follows as it is. */
export type PictureChange = { userId: string; key: string | null; source?: string | null }

export type PictureStore = {
  /**
   * Gives a person another picture, or none. `along` runs in the same transaction and is told which file is not needed any
   * more. Undefined when there is no such person (any more), and nothing was changed.
   */
  change(
    change: PictureChange,
    along: (tx: DatabaseTransaction, old: string | null) => Promise<void>,
  ): Promise<{ changedAt: string } | undefined>
  keyOf(userId: string): Promise<string | null>
}

/** Each attempt fails only because another one came first. */
const mostAttempts = 5

export function createPictureStore({ db, clock }: { db: Database; clock: Clock }): PictureStore {
  const store: PictureStore = {
    async change(change, along) {
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const outcome = await db.transaction().execute((tx) => tryChange(tx, change, along))
        if (outcome !== 'overtaken') return outcome
      }
      throw new Error('the picture is being changed by others all the time')
    },
    async keyOf(userId) {
      const row = await db
        .selectFrom('users')
        .select('picture_key')
        .where('id', '=', userId)
        .executeTakeFirst()
      return row?.picture_key ?? null
    },
  }

  async function tryChange(
    tx: DatabaseTransaction,
    { userId, key, source }: PictureChange,
    along: (tx: DatabaseTransaction, old: string | null) => Promise<void>,
  ) {
    const row = await tx
      .selectFrom('users')
      .select('picture_key')
      .where('id', '=', userId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    if (!row) return undefined
    const changedAt = clock.now().toISOString()
    const values = { picture_key: key, profile_changed_at: changedAt, updated_at: changedAt }
    const old = row.picture_key
    // Only while it is the one that was read: else two at once would both think that it is theirs to remove.
    const changed = await tx
      .updateTable('users')
      .set({ ...values, ...(source !== undefined && { picture_source: source }) })
      .where('id', '=', userId)
      .where('picture_key', old === null ? 'is' : '=', old)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) return 'overtaken' as const
    await along(tx, old)
    return { changedAt }
  }

  return store
}
