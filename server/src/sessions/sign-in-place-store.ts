import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { SignInPlaces } from './sessions.ts'

/** A place nobody signed in from for this long counts as any other, in milliseconds. */
const forgetAfter = 180 * 24 * 60 * 60 * 1000

/** The port `SignInPlaces`, kept in SQL: all processes know the same places, also after a restart. */
export function createSignInPlaceStore({ db, clock }: { db: Database; clock: Clock }): SignInPlaces {
  const now = () => clock.now().getTime()
  const oldest = () => new Date(now() - forgetAfter).toISOString()

  return {
    async add({ userId, place }) {
      const seen_at = new Date(now()).toISOString()
      await db
        .deleteFrom('sign_in_places')
        .where('user_id', '=', userId)
        .where('seen_at', '<', oldest())
        .execute()
      await db
        .insertInto('sign_in_places')
        .values({ user_id: userId, place, seen_at })
        .onConflict((conflict) => conflict.columns(['user_id', 'place']).doUpdateSet({ seen_at }))
        .execute()
    },
    async has({ userId, place }) {
      const row = await db
        .selectFrom('sign_in_places')
        .select('place')
        .where('user_id', '=', userId)
        .where('place', '=', place)
        .where('seen_at', '>=', oldest())
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
