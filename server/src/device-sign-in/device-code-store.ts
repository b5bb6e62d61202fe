import type { Database } from '../database/database.ts'
import { newSecret, type Clock } from '../platform/clock.ts'
import { tokenHash } from '../platform/token-hash.ts'
import type { DeviceCodes } from './device-sign-in.ts'

/** Milliseconds from a person's yes to the end of the code. */
const codeLifetime = 60_000

/** The port `DeviceCodes`, kept in SQL, so that a code counts once in all processes together. */
export function createDeviceCodeStore({ db, clock }: { db: Database; clock: Clock }): DeviceCodes {
  return {
    async add({ userId, redirectUri, codeChallenge, vouchedAt }) {
      await db.deleteFrom('device_codes').where('expires_at', '<', clock.now().toISOString()).execute()
      const code = newSecret()
      const row = {
        code_hash: tokenHash(code),
        user_id: userId,
        redirect_uri: redirectUri,
        code_challenge: codeChallenge,
        vouched_at: vouchedAt.toISOString(),
        expires_at: new Date(vouchedAt.getTime() + codeLifetime).toISOString(),
      }
      await db.insertInto('device_codes').values(row).execute()
      return code
    },

    async take(code) {
      const row = await db
        .deleteFrom('device_codes')
        .where('code_hash', '=', tokenHash(code))
        .returningAll()
        .executeTakeFirst()
      if (!row) return undefined
      const grant = {
        userId: row.user_id,
        redirectUri: row.redirect_uri,
        codeChallenge: row.code_challenge,
        vouchedAt: new Date(row.vouched_at),
      }
      return { grant, isOver: row.expires_at <= clock.now().toISOString() }
    },
  }
}
