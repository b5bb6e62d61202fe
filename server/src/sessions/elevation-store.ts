import type { Database } from '../database/database.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import type { Clock } from '../platform/clock.ts'
import type { Elevations } from './sessions.ts'

const minute = 60 * 1000
/** As long as with Immich: a quarter of an hour after the PIN, and five minutes after the last look. */
const openFor = 15 * minute
const afterLook = 5 * minute

/** The port `Elevations`, kept in SQL beside the sessions, so that it ends with them. */
export function createElevationStore({ db, clock }: { db: Database; clock: Clock }): Elevations {
  const inMilliseconds = (ahead: number) => new Date(clock.now().getTime() + ahead).toISOString()
  const rowOf = prepareQuery<{ id: string }, { pin_expires_at: string | null }>(db, (slot) =>
    db.selectFrom('sessions').select('pin_expires_at').where('id', '=', slot('id')),
  )
  const set = (until: string | null) => db.updateTable('sessions').set({ pin_expires_at: until })

  return {
    async openUntil(sessionId, use) {
      const [row] = await rowOf({ id: sessionId })
      const until = row?.pin_expires_at
      if (until === null || until === undefined || until <= inMilliseconds(0)) return undefined
      if (use === undefined || until >= inMilliseconds(afterLook)) return until
      const later = inMilliseconds(afterLook)
      // Only where it is still open: somebody may be shutting it in this moment.
      await set(later).where('id', '=', sessionId).where('pin_expires_at', '=', until).execute()
      return later
    },
    async open(sessionId) {
      await set(inMilliseconds(openFor)).where('id', '=', sessionId).execute()
    },
    async shut({ userId, sessionId }) {
      const shut = await set(null)
        .where('id', '=', sessionId)
        .where('user_id', '=', userId)
        .returning('id')
        .executeTakeFirst()
      return shut !== undefined
    },
    async shutAll(userId) {
      await set(null).where('user_id', '=', userId).execute()
    },
  }
}
