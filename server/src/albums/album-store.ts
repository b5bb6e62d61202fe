import { sql, type Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { AlbumTable } from '../database/schema.ts'
import { newId, type Clock } from '../platform/clock.ts'
import type { Album, AlbumFilter, Albums } from './albums.ts'

/** Databases limit how many values a statement may name. */
const batchSize = 500

/** The port `Albums`, kept in SQL. */
export function createAlbumStore({ db, clock }: { db: Database; clock: Clock }): Albums {
  const now = () => clock.now().toISOString()
  const touch = (id: string) =>
    db.updateTable('albums').set({ updated_at: now() }).where('id', '=', id).execute()

  return {
    list: (ownerId, filter = {}) => selectAlbums(db, ownerId, filter),
    async byId({ ownerId, id }) {
      const [album] = await selectAlbums(db, ownerId, { id })
      return album
    },
    async add({ ownerId, name, description }) {
      const id = newId()
      const row = {
        id,
        name,
        description,
        thumbnail_asset_id: null,
        sort_order: 'desc',
        is_activity_enabled: 1,
      } as const
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('albums')
          .values({ ...row, created_at: now(), updated_at: now() })
          .execute()
        await tx.insertInto('album_users').values({ album_id: id, user_id: ownerId, role: 'owner' }).execute()
      })
      return id
    },
    async change(id, { name, description, thumbnailAssetId, order, isActivityEnabled }) {
      await db
        .updateTable('albums')
        .set({
          updated_at: now(),
          ...(name !== undefined && { name }),
          ...(description !== undefined && { description }),
          ...(thumbnailAssetId !== undefined && { thumbnail_asset_id: thumbnailAssetId }),
          ...(order !== undefined && { sort_order: order }),
          ...(isActivityEnabled !== undefined && { is_activity_enabled: isActivityEnabled ? 1 : 0 }),
        })
        .where('id', '=', id)
        .execute()
    },
    async remove(id) {
      await db.deleteFrom('albums').where('id', '=', id).execute()
    },
    async addAssets(id, assetIds) {
      const added = new Set<string>()
      for (const batch of batches(assetIds)) {
        const rows = await db
          .insertInto('album_assets')
          .values(batch.map((assetId) => ({ album_id: id, asset_id: assetId, created_at: now() })))
          .onConflict((conflict) => conflict.columns(['album_id', 'asset_id']).doNothing())
          .returning('asset_id')
          .execute()
        for (const row of rows) added.add(row.asset_id)
      }
      if (added.size > 0) await touch(id)
      return added
    },
    async removeAssets(id, assetIds) {
      const removed = new Set<string>()
      for (const batch of batches(assetIds)) {
        const rows = await db
          .deleteFrom('album_assets')
          .where('album_id', '=', id)
          .where('asset_id', 'in', batch)
          .returning('asset_id')
          .execute()
        for (const row of rows) removed.add(row.asset_id)
      }
      if (removed.size > 0) await touch(id)
      return removed
    },
  }
}

function* batches(ids: readonly string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += batchSize) yield ids.slice(at, at + batchSize)
}

/** Facts about an album's assets, computed from them: an album is small where a library is not. */
async function selectAlbums(db: Database, ownerId: string, filter: AlbumFilter): Promise<Album[]> {
  let query = db
    .selectFrom('albums')
    .innerJoin('album_users', 'album_users.album_id', 'albums.id')
    .leftJoin('album_assets', 'album_assets.album_id', 'albums.id')
    .leftJoin('assets', (join) =>
      join.onRef('assets.id', '=', 'album_assets.asset_id').on('assets.deleted_at', 'is', null),
    )
    .selectAll('albums')
    .select((eb) => [
      eb.fn.count<number>('assets.id').as('asset_count'),
      eb.fn.min('assets.local_date_time').as('first_date'),
      eb.fn.max('assets.local_date_time').as('last_date'),
      eb.fn.max('assets.updated_at').as('last_modified'),
      coverOf.as('cover'),
      eb
        .selectFrom('shared_links')
        .select((link) => link.fn.countAll<number>().as('count'))
        .whereRef('shared_links.album_id', '=', 'albums.id')
        .as('links'),
    ])
    .where('album_users.user_id', '=', ownerId)
    .where('album_users.role', '=', 'owner')
    .groupBy('albums.id')
    .orderBy('albums.created_at', 'desc')
  const { id, name, assetId } = filter
  if (id !== undefined) query = query.where('albums.id', '=', id)
  if (name !== undefined) query = query.where('albums.name', '=', name)
  if (assetId !== undefined) {
    query = query.where('albums.id', 'in', (eb) =>
      eb.selectFrom('album_assets').select('album_id').where('asset_id', '=', assetId),
    )
  }
  return (await query.execute()).map((row) => toAlbum(row, ownerId))
}

/** The chosen one while it is still in the album and not in the trash, else the newest. */
const coverOf = sql<string | null>`(
  select cover.id from album_assets in_album join assets cover on cover.id = in_album.asset_id
  where in_album.album_id = albums.id and cover.deleted_at is null
  order by case when cover.id = albums.thumbnail_asset_id then 0 else 1 end, cover.file_created_at desc limit 1)`

type AlbumRow = Selectable<AlbumTable> & {
  asset_count: number
  first_date: string | null
  last_date: string | null
  last_modified: string | null
  cover: string | null
  links: number | string | null
}

const toAlbum = (row: AlbumRow, ownerId: string): Album => ({
  id: row.id,
  ownerId,
  name: row.name,
  description: row.description,
  thumbnailAssetId: row.cover,
  order: row.sort_order,
  isActivityEnabled: row.is_activity_enabled === 1,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  assetCount: row.asset_count,
  hasSharedLink: Number(row.links) > 0,
  startDate: row.first_date,
  endDate: row.last_date,
  lastModifiedAsset: row.last_modified,
})
