import type { Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { SessionTable, UserTable } from '../database/schema.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import { newId, newSecret, type Clock } from '../platform/clock.ts'
import { tokenHash } from '../platform/token-hash.ts'
import { toUser } from '../users/user-row.ts'
import type { Session, SessionLifetimes, Sessions } from './sessions.ts'

const minute = 60 * 1000
const hour = 60 * minute
const day = 24 * hour
/** Last use is written at most this often, so that reading pictures does not write. */
const touchAfter = hour
/** Sooner, where the address is another; a phone between two networks still does not write all the time. */
const lookAgainAfter = minute

const usualLifetimes: SessionLifetimes = { idleDays: 90, absoluteDays: 0 }

type SessionWithUser = Selectable<UserTable> &
  Pick<
    SessionTable,
    'method' | 'device_type' | 'device_os' | 'app_version' | 'expires_at' | 'seen_from' | 'parent_id'
  > & {
    session_id: string
    started_at: string
    used_at: string
    session_name: string | null
  }

type Ports = {
  db: Database
  clock: Clock
  /** Asked on every request. */
  lifetimes?: () => SessionLifetimes | Promise<SessionLifetimes>
}

/** The port `Sessions`, kept in SQL. */
export function createSessionStore({ db, clock, lifetimes = () => usualLifetimes }: Ports): Sessions {
  const listeners: ((sessionIds: readonly string[]) => void)[] = []
  const ago = (milliseconds: number) => new Date(clock.now().getTime() - milliseconds).toISOString()

  /** A session that was last used, or began, before these is over. */
  async function oldest(): Promise<{ used: string; begun: string }> {
    const { idleDays, absoluteDays } = await lifetimes()
    return { used: ago(idleDays * day), begun: absoluteDays === 0 ? '' : ago(absoluteDays * day) }
  }

  const byTokenHash = prepareQuery<{ hash: string }, SessionWithUser>(db, (slot) =>
    db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .selectAll('users')
      .select([
        'sessions.id as session_id',
        'sessions.method',
        'sessions.device_type',
        'sessions.device_os',
        'sessions.app_version',
        'sessions.created_at as started_at',
        'sessions.updated_at as used_at',
        'sessions.expires_at',
        'sessions.name as session_name',
        'sessions.seen_from',
        'sessions.parent_id',
      ])
      .where('sessions.token_hash', '=', slot('hash'))
      .where('users.deleted_at', 'is', null),
  )

  return {
    async start({ userId, method, device, name, seenFrom, parentId, expiresAt }) {
      const token = newSecret()
      const at = clock.now().toISOString()
      const row = {
        id: newId(),
        token_hash: tokenHash(token),
        user_id: userId,
        method,
        device_type: device.type,
        device_os: device.os,
        app_version: device.appVersion,
        created_at: at,
        updated_at: at,
        expires_at: expiresAt?.toISOString() ?? null,
        name: name ?? null,
        seen_from: seenFrom ?? null,
        parent_id: parentId ?? null,
      }
      await db.insertInto('sessions').values(row).execute()
      return { session: toSession(row), token }
    },

    async byToken(token, from) {
      const [row] = await byTokenHash({ hash: tokenHash(token) })
      if (!row) return undefined
      const bound = await oldest()
      if (row.used_at < bound.used || row.started_at < bound.begun) return undefined
      if (row.expires_at !== null && row.expires_at <= ago(0)) return undefined
      if (row.used_at < ago(lookAgainAfter)) await touch(row, from?.())
      const session = {
        ...row,
        id: row.session_id,
        user_id: row.id,
        created_at: row.started_at,
        updated_at: row.used_at,
        name: row.session_name,
      }
      return { session: toSession(session), user: toUser(row) }
    },

    async listOf(userId) {
      const bound = await oldest()
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('updated_at', '>=', bound.used)
        .where('created_at', '>=', bound.begun)
        .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', ago(0))]))
        .orderBy('updated_at', 'desc')
        .execute()
      return rows.map(toSession)
    },

    async stillGood(sessionIds) {
      if (sessionIds.length === 0) return []
      const bound = await oldest()
      const rows = await db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .select('sessions.id')
        .where('sessions.id', 'in', sessionIds)
        .where('users.deleted_at', 'is', null)
        .where('sessions.updated_at', '>=', bound.used)
        .where('sessions.created_at', '>=', bound.begun)
        .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', ago(0))]))
        .execute()
      return rows.map(({ id }) => id)
    },

    async rename({ userId, sessionId }, name) {
      const row = await db
        .updateTable('sessions')
        .set({ name })
        .where('id', '=', sessionId)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirst()
      return row && toSession(row)
    },

    async revoke({ userId, sessionId }) {
      const gone = await db
        .deleteFrom('sessions')
        // Those that it made would go by themselves, but nobody would hear of it.
        .where((is) => is.or([is('id', '=', sessionId), is('parent_id', '=', sessionId)]))
        .where('user_id', '=', userId)
        .returning('id')
        .execute()
      tellEnded(gone)
      return gone.length > 0
    },

    async removeOver() {
      const { used, begun } = await oldest()
      const removed = await db
        .deleteFrom('sessions')
        .where((is) =>
          is.or([is('updated_at', '<', used), is('created_at', '<', begun), is('expires_at', '<=', ago(0))]),
        )
        .returning('id')
        .execute()
      return removed.length
    },

    async revokeAll({ userId, method, except }) {
      let query = db.deleteFrom('sessions').where('user_id', '=', userId)
      if (method !== undefined) query = query.where('method', '=', method)
      if (except !== undefined) query = query.where('id', '!=', except)
      tellEnded(await query.returning('id').execute())
    },

    onEnded: (listener) => void listeners.push(listener),
  }

  function tellEnded(gone: readonly { id: string }[]): void {
    if (gone.length > 0) for (const listener of listeners) listener(gone.map(({ id }) => id))
  }

  async function touch(row: SessionWithUser, from: string | undefined): Promise<void> {
    const seenFrom = from ?? row.seen_from
    if (seenFrom === row.seen_from && row.used_at >= ago(touchAfter)) return
    await db
      .updateTable('sessions')
      .set({ updated_at: ago(0), seen_from: seenFrom })
      .where('id', '=', row.session_id)
      .execute()
  }
}

const toSession = (row: Omit<Selectable<SessionTable>, 'token_hash' | 'pin_expires_at'>): Session => ({
  id: row.id,
  userId: row.user_id,
  method: row.method,
  device: { type: row.device_type, os: row.device_os, appVersion: row.app_version },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  expiresAt: row.expires_at,
  name: row.name,
  seenFrom: row.seen_from,
})
