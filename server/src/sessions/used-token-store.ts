import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { UsedTokens } from './sessions.ts'

/** The port `UsedTokens`, kept in SQL, so that a token counts once in all processes together. */
export function createUsedTokenStore({ db, clock }: { db: Database; clock: Clock }): UsedTokens {
  return {
    async use({ id, expiresAt }) {
      await db.deleteFrom('used_tokens').where('expires_at', '<', clock.now().toISOString()).execute()
      const row = { id, expires_at: expiresAt.toISOString() }
      const used = await db
        .insertInto('used_tokens')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      return used !== undefined
    },
  }
}
