import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import { tokenHash } from '../platform/token-hash.ts'
import { isNonce, newNonce } from './canary.ts'
import type { CheckNonces } from './sign-in-check.ts'

/** How long a check may take, in milliseconds. */
export const checkLifetime = 10 * 60_000
/** Checks that may be under way at once; the oldest gives way. */
const mostChecks = 16
/** Strangers who send made-up nonces cost one small read in this time, in milliseconds. */
const pause = 100

const prefix = 'sign-in-check:'

export function createCheckNonces({ db, clock }: { db: Database; clock: Clock }): CheckNonces {
  let known = new Map<string, number>()
  let nextRead: Promise<void> | undefined
  let readAt = -Infinity

  /** Shared by all who ask before it begins; who asks later may ask for a check that it would miss. */
  async function readAnew(): Promise<void> {
    const wait = Math.max(0, readAt + pause - performance.now())
    // Also when there is nothing to wait for: whoever asked has to have this promise first.
    await new Promise((resolve) => setTimeout(resolve, wait))
    nextRead = undefined
    readAt = performance.now()
    const rows = await db
      .selectFrom('stored_settings')
      .select(['key', 'value'])
      .where('key', 'like', `${prefix}%`)
      .execute()
    known = new Map(rows.map(({ key, value }) => [key.slice(prefix.length), Date.parse(value)]))
  }

  const isKnown = (hash: string) => (known.get(hash) ?? 0) > clock.now().getTime()

  return {
    async start() {
      const nonce = newNonce()
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + checkLifetime)
      await makeRoom(db, now)
      await db
        .insertInto('stored_settings')
        .values({
          key: `${prefix}${tokenHash(nonce)}`,
          value: expiresAt.toISOString(),
          updated_at: now.toISOString(),
        })
        .execute()
      return { nonce, expiresAt }
    },

    async isLive(nonce) {
      if (!isNonce(nonce)) return false
      const hash = tokenHash(nonce)
      if (isKnown(hash)) return true
      await (nextRead ??= readAnew())
      return isKnown(hash)
    },
  }
}

/** Forgets checks that are over, and the oldest where there are too many. */
async function makeRoom(db: Database, now: Date): Promise<void> {
  const rows = await db
    .selectFrom('stored_settings')
    .select(['key', 'value'])
    .where('key', 'like', `${prefix}%`)
    .orderBy('updated_at', 'desc')
    .execute()
  const over = rows.filter(
    ({ value }, index) => index >= mostChecks - 1 || Date.parse(value) <= now.getTime(),
  )
  if (over.length === 0) return
  const keys = over.map(({ key }) => key)
  await db.deleteFrom('stored_settings').where('key', 'in', keys).execute()
}
