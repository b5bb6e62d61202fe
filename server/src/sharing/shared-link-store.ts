import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { isUniqueViolation, type Database } from '../database/database.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import type { Flag, SharedLinkTable, UserTable } from '../database/schema.ts'
import { newId, type Clock } from '../platform/clock.ts'
import { badRequest } from '../platform/problem.ts'
import { toUser } from '../users/user-row.ts'
import { createLinkContents } from './link-contents-store.ts'
import type { OpenLink, SharedLink, SharedLinkChanges, SharedLinks } from './sharing.ts'

type Row = Selectable<SharedLinkTable>
type RowWithOwner = Selectable<UserTable> & { [K in keyof Row as `link_${K}`]: Row[K] }

/** The port `SharedLinks`, kept in SQL. */
export function createSharedLinkStore({ db, clock }: { db: Database; clock: Clock }): SharedLinks {
  const now = () => clock.now().toISOString()
  const openBy = { key: prepareOpen(db, 'link_key'), slug: prepareOpen(db, 'slug') }
  const contents = createLinkContents({ db, now })

  const select = (userId: string) => db.selectFrom('shared_links').selectAll().where('user_id', '=', userId)

  return {
    ...contents,
    async list(userId, { albumId, id } = {}) {
      let query = select(userId).orderBy('created_at', 'desc').orderBy('id')
      if (albumId !== undefined) query = query.where('album_id', '=', albumId)
      if (id !== undefined) query = query.where('id', '=', id)
      return (await query.execute()).map(toLink)
    },
    async byId({ userId, id }) {
      const row = await select(userId).where('id', '=', id).executeTakeFirst()
      return row && toLink(row)
    },
    async add({ userId, albumId, assetIds, ...given }) {
      const row: Row = {
        id: newId(),
        user_id: userId,
        album_id: albumId,
        type: given.type,
        slug: given.slug,
        description: given.description,
        password_hash: given.passwordHash,
        expires_at: given.expiresAt,
        allow_upload: flag(given.allowUpload),
        allow_download: flag(given.allowDownload),
        show_metadata: flag(given.showMetadata),
        link_key: randomBytes(50).toString('base64url'),
        created_at: now(),
      }
      await db.insertInto('shared_links').values(row).execute().catch(refuseTakenSlug)
      await contents.addAssets(row.id, assetIds)
      return toLink(row)
    },
    async change({ userId, id }, changes) {
      const columns = columnsOf(changes)
      if (Object.keys(columns).length > 0) {
        const update = db.updateTable('shared_links').set(columns)
        await update.where('id', '=', id).where('user_id', '=', userId).execute().catch(refuseTakenSlug)
      }
      return this.byId({ userId, id })
    },
    async remove({ userId, id }) {
      const gone = await db
        .deleteFrom('shared_links')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('id')
        .execute()
      return gone.length > 0
    },
    async at(address) {
      if (!Object.values(address).every((name) => linkName.test(name))) return undefined
      const [row] = await ('key' in address
        ? openBy.key({ name: keyAsKept(address.key) })
        : openBy.slug({ name: address.slug }))
      return row && (row.link_expires_at === null || row.link_expires_at > now()) ? toOpen(row) : undefined
    },
  }
}

/** What a key or a slug may be. */
const linkName = /^[\w-]{1,100}$/

/** Immich's clients may write the key in hex as well. */
const keyAsKept = (key: string): string =>
  /^[0-9a-f]{100}$/i.test(key) ? Buffer.from(key, 'hex').toString('base64url') : key

const prepareOpen = (db: Database, column: 'link_key' | 'slug') =>
  prepareQuery<{ name: string }, RowWithOwner>(db, (slot) =>
    db
      .selectFrom('shared_links')
      .innerJoin('users', 'users.id', 'shared_links.user_id')
      .selectAll('users')
      .select([
        'shared_links.id as link_id',
        'shared_links.user_id as link_user_id',
        'shared_links.link_key as link_link_key',
        'shared_links.slug as link_slug',
        'shared_links.type as link_type',
        'shared_links.album_id as link_album_id',
        'shared_links.description as link_description',
        'shared_links.password_hash as link_password_hash',
        'shared_links.expires_at as link_expires_at',
        'shared_links.allow_upload as link_allow_upload',
        'shared_links.allow_download as link_allow_download',
        'shared_links.show_metadata as link_show_metadata',
        'shared_links.created_at as link_created_at',
      ])
      .where(`shared_links.${column}`, '=', slot('name'))
      .where('users.deleted_at', 'is', null),
  )

function refuseTakenSlug(error: unknown): never {
  if (isUniqueViolation(error)) throw badRequest('Shared link with this slug already exists')
  throw error
}

const flag = (value: boolean): Flag => (value ? 1 : 0)

function columnsOf(changes: SharedLinkChanges) {
  const { slug, description, passwordHash, expiresAt, allowUpload, allowDownload, showMetadata } = changes
  return {
    ...(slug !== undefined && { slug }),
    ...(description !== undefined && { description }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(allowUpload !== undefined && { allow_upload: flag(allowUpload) }),
    ...(allowDownload !== undefined && { allow_download: flag(allowDownload) }),
    ...(showMetadata !== undefined && { show_metadata: flag(showMetadata) }),
  }
}

const toLink = (row: Row): SharedLink => ({
  id: row.id,
  userId: row.user_id,
  key: row.link_key,
  slug: row.slug,
  type: row.type,
  albumId: row.album_id,
  description: row.description,
  hasPassword: row.password_hash !== null,
  expiresAt: row.expires_at,
  allowUpload: row.allow_upload === 1,
  // A file tells of itself whatever its owner meant to keep back.
  allowDownload: row.allow_download === 1 && row.show_metadata === 1,
  showMetadata: row.show_metadata === 1,
  createdAt: row.created_at,
})

const toOpen = (row: RowWithOwner): OpenLink => ({
  owner: toUser(row),
  passwordHash: row.link_password_hash,
  link: toLink({
    id: row.link_id,
    user_id: row.link_user_id,
    link_key: row.link_link_key,
    slug: row.link_slug,
    type: row.link_type,
    album_id: row.link_album_id,
    description: row.link_description,
    password_hash: row.link_password_hash,
    expires_at: row.link_expires_at,
    allow_upload: row.link_allow_upload,
    allow_download: row.link_allow_download,
    show_metadata: row.link_show_metadata,
    created_at: row.link_created_at,
  }),
})
