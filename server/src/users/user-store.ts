import type { Selectable, Updateable } from 'kysely'
import { isUniqueViolation, type Database, type DatabaseTransaction } from '../database/database.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import type { Flag, UserTable } from '../database/schema.ts'
import { newId, type Clock } from '../platform/clock.ts'
import { badRequest } from '../platform/problem.ts'
import { avatarColorFor } from './avatar-color.ts'
import { toUser } from './user-row.ts'
import type { NewUser, OauthLink, UserChanges, Users } from './users.ts'

/** The port `Users`, kept in SQL. Rows stay in here; people come out. */
export function createUserStore({ db, clock }: { db: Database; clock: Clock }): Users {
  const now = () => clock.now().toISOString()
  const byId = async (id: string) =>
    fromRow(await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst())
  const rowsByEmail = prepareQuery<{ email: string }, Selectable<UserTable>>(db, (slot) =>
    db.selectFrom('users').selectAll().where('email', '=', slot('email')),
  )
  const rowsByHeaderId = prepareQuery<{ headerId: string }, Selectable<UserTable>>(db, (slot) =>
    db.selectFrom('users').selectAll().where('header_id', '=', slot('headerId')),
  )

  const rowsByOauth = prepareQuery<OauthLink, Selectable<UserTable>>(db, (slot) =>
    db
      .selectFrom('users')
      .selectAll()
      .where('oauth_issuer', '=', slot('issuer'))
      .where('oauth_id', '=', slot('id')),
  )

  const update = async (tx: Database | DatabaseTransaction, id: string, changes: UserChanges) => {
    const values = { ...changesToRow(changes), updated_at: now() }
    const row = await mustBeFree(
      tx.updateTable('users').set(values).where('id', '=', id).returningAll().executeTakeFirst(),
    )
    if (!row) throw badRequest('User not found')
    return toUser(row)
  }

  return {
    byId,
    byEmail: async (email) => fromRow((await rowsByEmail({ email }))[0]),
    byHeaderId: async (headerId) => fromRow((await rowsByHeaderId({ headerId }))[0]),
    byOauth: async (link) => fromRow((await rowsByOauth(link))[0]),
    async list({ withDeleted = false } = {}) {
      let query = db.selectFrom('users').selectAll().orderBy('created_at').orderBy('id')
      if (!withDeleted) query = query.where('deleted_at', 'is', null)
      return (await query.execute()).map(toUser)
    },
    async passwordHashOf(id) {
      const row = await db.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst()
      return row?.password_hash ?? null
    },
    async rehash({ userId, before, after }) {
      await db
        .updateTable('users')
        .set({ password_hash: after })
        .where('id', '=', userId)
        .where('password_hash', '=', before)
        .execute()
    },
    async pinHashOf(id) {
      const row = await db.selectFrom('users').select('pin_hash').where('id', '=', id).executeTakeFirst()
      return row?.pin_hash ?? null
    },
    async hasAdmin() {
      const row = await db
        .selectFrom('users')
        .select('id')
        .where('is_admin', '=', 1)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async add(user) {
      const row = toRow(user, now())
      await mustBeFree(db.insertInto('users').values(row).execute())
      return toUser(row)
    },
    async addIfMissing(user) {
      const row = toRow(user, now())
      const added = await db
        .insertInto('users')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      return added && toUser(row)
    },
    async addFirstAdmin(user) {
      return db.transaction().execute(async (tx) => {
        // One row that only one of two racing sign-ups can insert.
        const first = await tx
          .insertInto('stored_settings')
          .values({ key: 'first-admin', value: 'true', updated_at: now() })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .returning('key')
          .executeTakeFirst()
        if (!first) return undefined
        const row = toRow({ ...user, isAdmin: true }, now())
        await mustBeFree(tx.insertInto('users').values(row).execute())
        return toUser(row)
      })
    },
    async change(id, changes) {
      if (changes.isAdmin !== false && !changes.deletedAt) return update(db, id, changes)
      return db.transaction().execute(async (tx) => {
        if (!(await leavesAnAdmin(tx, { id, at: now() }))) throw badRequest('Somebody must stay an admin')
        return update(tx, id, changes)
      })
    },
    async bindHeaderId({ userId, headerId }) {
      const bound = await db
        .updateTable('users')
        .set({ header_id: headerId, updated_at: now() })
        .where('id', '=', userId)
        .where('header_id', 'is', null)
        .returning('id')
        .executeTakeFirst()
        .catch((error: unknown) => {
          if (isUniqueViolation(error)) return undefined
          throw error
        })
      return bound !== undefined
    },
    async unbindHeaderId(userId) {
      const values = { header_id: null, updated_at: now() }
      await db.updateTable('users').set(values).where('id', '=', userId).execute()
    },
    async linkOauth({ userId, link }) {
      const linked = await db
        .updateTable('users')
        .set({ oauth_issuer: link.issuer, oauth_id: link.id, updated_at: now() })
        .where('id', '=', userId)
        .where((is) => is.or([is('oauth_id', 'is', null), is('oauth_issuer', '!=', link.issuer)]))
        .returning('id')
        .executeTakeFirst()
        .catch((error: unknown) => {
          if (isUniqueViolation(error)) return undefined
          throw error
        })
      return linked !== undefined
    },
    async unlinkOauth(userId) {
      const values = { oauth_issuer: null, oauth_id: null, updated_at: now() }
      const query = db.updateTable('users').set(values).where('id', '=', userId).returningAll()
      return toUser(await query.executeTakeFirstOrThrow())
    },
    async unlinkOauthOfAll() {
      const values = { oauth_issuer: null, oauth_id: null, updated_at: now() }
      await db.updateTable('users').set(values).where('oauth_id', 'is not', null).execute()
    },
    async withdrawAdmin(id) {
      // Without a lock first: for the last admin this is asked on every request.
      if (!(await hasOtherAdmin(db, id))) return false
      return db.transaction().execute(async (tx) => {
        if (!(await leavesAnAdmin(tx, { id, at: now() }))) return false
        await update(tx, id, { isAdmin: false })
        return true
      })
    },
    async preferencesOf(id) {
      const row = await db.selectFrom('users').select('preferences').where('id', '=', id).executeTakeFirst()
      return JSON.parse(row?.preferences ?? '{}') as unknown
    },
    async setPreferences(id, preferences) {
      const values = { preferences: JSON.stringify(preferences), updated_at: now() }
      await db.updateTable('users').set(values).where('id', '=', id).execute()
    },
  }
}

/** Two columns are unique: the e-mail address and the storage label. Both databases name the column in the message. */
async function mustBeFree<T>(query: Promise<T>): Promise<T> {
  try {
    return await query
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const isLabel = (error as Error).message.includes('storage_label')
    throw badRequest(isLabel ? 'Storage label already in use by another account' : 'Email is not available')
  }
}

/**
 * Whether somebody is still an admin once `id` is not. Whoever asks holds a lock on one row until the transaction ends,
 * so that of two at once the second sees what the first has done.
 */
async function leavesAnAdmin(
  tx: DatabaseTransaction,
  { id, at }: { id: string; at: string },
): Promise<boolean> {
  await tx
    .insertInto('stored_settings')
    .values({ key: 'admin-lock', value: '', updated_at: at })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ updated_at: at }))
    .execute()
  const user = await tx.selectFrom('users').select('is_admin').where('id', '=', id).executeTakeFirst()
  return user?.is_admin !== 1 || hasOtherAdmin(tx, id)
}

async function hasOtherAdmin(db: Database | DatabaseTransaction, id: string): Promise<boolean> {
  const other = await db
    .selectFrom('users')
    .select('id')
    .where('is_admin', '=', 1)
    .where('deleted_at', 'is', null)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

function toRow(user: NewUser, at: string): Selectable<UserTable> {
  return {
    id: newId(),
    email: user.email,
    name: user.name,
    password_hash: user.passwordHash,
    pin_hash: null,
    made_by: howMade(user),
    header_id: user.headerId ?? null,
    oauth_issuer: user.oauth?.issuer ?? null,
    oauth_id: user.oauth?.id ?? null,
    picture_key: null,
    picture_source: null,
    is_admin: flag(user.isAdmin ?? false),
    avatar_color: user.avatarColor ?? avatarColorFor(user.email),
    storage_label: user.storageLabel ?? null,
    should_change_password: flag(user.shouldChangePassword ?? false),
    is_onboarded: 0,
    quota_bytes: user.quotaBytes ?? null,
    usage_bytes: 0,
    preferences: '{}',
    profile_changed_at: at,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
}

function howMade({ oauth, passwordHash }: NewUser): UserTable['made_by'] {
  if (oauth) return 'oauth'
  return passwordHash === null ? 'trusted-header' : 'password'
}

function changesToRow(changes: UserChanges): Updateable<UserTable> {
  const row: Record<string, unknown> = {
    email: changes.email,
    name: changes.name,
    password_hash: changes.passwordHash,
    pin_hash: changes.pinHash,
    is_admin: changes.isAdmin === undefined ? undefined : flag(changes.isAdmin),
    avatar_color: changes.avatarColor,
    storage_label: changes.storageLabel,
    quota_bytes: changes.quotaBytes,
    should_change_password:
      changes.shouldChangePassword === undefined ? undefined : flag(changes.shouldChangePassword),
    is_onboarded: changes.isOnboarded === undefined ? undefined : flag(changes.isOnboarded),
    deleted_at: changes.deletedAt,
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

const flag = (value: boolean): Flag => (value ? 1 : 0)
const fromRow = (row: Selectable<UserTable> | undefined) => (row ? toUser(row) : undefined)
