import type { Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { ApiKeyTable, UserTable } from '../database/schema.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import { newId, newSecret, type Clock } from '../platform/clock.ts'
import { tokenHash } from '../platform/token-hash.ts'
import { toUser } from '../users/user-row.ts'
import { grants, type ApiKey, type ApiKeys } from './api-keys.ts'

type ApiKeyWithUser = Selectable<UserTable> &
  Pick<ApiKeyTable, 'permissions' | 'expires_at'> & {
    key_id: string
    key_name: string
    key_created_at: string
    key_updated_at: string
  }

/** The port `ApiKeys`, kept in SQL. */
export function createApiKeyStore({ db, clock }: { db: Database; clock: Clock }): ApiKeys {
  const now = () => clock.now().toISOString()
  const listeners: ((id: string) => void)[] = []
  const isOver = (row: { expires_at: string | null }) => row.expires_at !== null && row.expires_at <= now()

  const byKeyHash = prepareQuery<{ hash: string }, ApiKeyWithUser>(db, (slot) =>
    db
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .selectAll('users')
      .select([
        'api_keys.id as key_id',
        'api_keys.name as key_name',
        'api_keys.permissions',
        'api_keys.created_at as key_created_at',
        'api_keys.updated_at as key_updated_at',
        'api_keys.expires_at',
      ])
      .where('api_keys.key_hash', '=', slot('hash'))
      .where('users.deleted_at', 'is', null),
  )

  return {
    async add({ userId, name, permissions, expiresAt }) {
      const secret = newSecret()
      const row = {
        id: newId(),
        user_id: userId,
        name,
        key_hash: tokenHash(secret),
        permissions: JSON.stringify(permissions),
        created_at: now(),
        updated_at: now(),
        expires_at: expiresAt?.toISOString() ?? null,
      }
      await db.insertInto('api_keys').values(row).execute()
      return { apiKey: toApiKey(row), secret }
    },

    async bySecret(secret) {
      const [row] = await byKeyHash({ hash: tokenHash(secret) })
      if (!row || isOver(row)) return undefined
      const apiKey = toApiKey({
        id: row.key_id,
        user_id: row.id,
        name: row.key_name,
        permissions: row.permissions,
        created_at: row.key_created_at,
        updated_at: row.key_updated_at,
        expires_at: row.expires_at,
      })
      return { apiKey, user: toUser(row) }
    },

    async listOf(userId) {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map(toApiKey)
    },

    async stillGrantAll(ids) {
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('api_keys')
        .innerJoin('users', 'users.id', 'api_keys.user_id')
        .selectAll('api_keys')
        .where('api_keys.id', 'in', ids)
        .where('users.deleted_at', 'is', null)
        .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', now())]))
        .execute()
      return rows.map(toApiKey).flatMap(({ id, permissions }) => (grants(permissions, undefined) ? [id] : []))
    },

    async byId({ userId, id }) {
      const row = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row && toApiKey(row)
    },

    async change({ userId, id }, { name, permissions }) {
      const row = await db
        .updateTable('api_keys')
        .set({
          updated_at: now(),
          ...(name === undefined ? {} : { name }),
          ...(permissions === undefined ? {} : { permissions: JSON.stringify(permissions) }),
        })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirst()
      return row && toApiKey(row)
    },

    async rotate({ userId, id }) {
      const secret = newSecret()
      const row = await db
        .updateTable('api_keys')
        .set({ key_hash: tokenHash(secret), updated_at: now() })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirst()
      if (!row) return undefined
      for (const listener of listeners) listener(id)
      return { apiKey: toApiKey(row), secret }
    },

    onRotated: (listener) => void listeners.push(listener),

    async remove({ userId, id }) {
      const gone = await db
        .deleteFrom('api_keys')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('id')
        .execute()
      return gone.length > 0
    },
  }
}

const toApiKey = (row: Omit<Selectable<ApiKeyTable>, 'key_hash'>): ApiKey => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  permissions: JSON.parse(row.permissions) as string[],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  expiresAt: row.expires_at,
})
