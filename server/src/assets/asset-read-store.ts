import type { Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import { prepareQuery } from '../database/prepared-query.ts'
import type { AssetTable } from '../database/schema.ts'
import { assetIdOf } from '../storage/storage.ts'
import { toAsset, toExif } from './asset-rows.ts'
import type { AssetFilter, Assets, LibraryUse } from './assets.ts'
import { inBatches } from './batches.ts'

type Reads = Pick<
  Assets,
  | 'byId'
  | 'byIds'
  | 'withExif'
  | 'byChecksums'
  | 'owned'
  | 'statistics'
  | 'libraryUse'
  | 'idsInTrash'
  | 'find'
  | 'knowsFile'
>

export function createAssetReadStore(db: Database): Reads {
  const rowById = prepareQuery<{ id: string }, Selectable<AssetTable>>(db, (slot) =>
    db.selectFrom('assets').selectAll().where('id', '=', slot('id')),
  )
  const find = async (id: string) => {
    const [row] = await rowById({ id })
    return row && toAsset(row)
  }
  const byId: Assets['byId'] = async ({ ownerId, id, opensLocked }) => {
    const asset = await find(id)
    if (asset?.ownerId !== ownerId) return undefined
    return asset.visibility !== 'locked' || (await opensLocked?.()) ? asset : undefined
  }

  return {
    find,
    byId,
    byIds: (ownerId, ids) =>
      inBatches(ids, async (batch) => {
        const rows = await db
          .selectFrom('assets')
          .selectAll()
          .where('owner_id', '=', ownerId)
          .where('id', 'in', batch)
          .where('visibility', '!=', 'locked')
          .execute()
        return rows.map(toAsset)
      }),
    async withExif(owner) {
      const asset = await byId(owner)
      if (!asset) return undefined
      const row = await db
        .selectFrom('asset_exif')
        .selectAll()
        .where('asset_id', '=', asset.id)
        .executeTakeFirst()
      return row && { asset, exif: toExif(row) }
    },
    byChecksums: (ownerId, checksums) =>
      inBatches(checksums, async (batch) => {
        const rows = await db
          .selectFrom('assets')
          .selectAll()
          .where('owner_id', '=', ownerId)
          .where('checksum', 'in', batch)
          .execute()
        return rows.map(toAsset)
      }),
    async owned(ownerId, ids, opensLocked) {
      const found = await inBatches(ids, (batch) =>
        db
          .selectFrom('assets')
          .select(['id', 'visibility'])
          .where('owner_id', '=', ownerId)
          .where('id', 'in', batch)
          .execute(),
      )
      const open = found.filter(({ visibility }) => visibility !== 'locked')
      const shown = open.length < found.length && (await opensLocked?.()) ? found : open
      return new Set(shown.map(({ id }) => id))
    },
    statistics: (filter) => countByType(db, filter),
    libraryUse: () => useByOwner(db),
    async idsInTrash(ownerId) {
      const rows = await db
        .selectFrom('assets')
        .select('id')
        .where('owner_id', '=', ownerId)
        .where('deleted_at', 'is not', null)
        .execute()
      return rows.map(({ id }) => id)
    },
    async knowsFile(key) {
      const id = assetIdOf(key)
      const asset = id === undefined ? undefined : await find(id)
      return asset !== undefined && [asset.originalKey, asset.previewKey, asset.thumbnailKey].includes(key)
    },
  }
}

async function countByType(db: Database, filter: AssetFilter): Promise<{ images: number; videos: number }> {
  let query = db
    .selectFrom('asset_counts')
    .select((eb) => ['type', eb.fn.sum<number | string>('count').as('count')])
    .where('owner_id', '=', filter.ownerId)
    .where('visibility', 'in', filter.visibility ? [filter.visibility] : ['timeline', 'archive'])
    .where('is_trashed', '=', filter.isTrashed ? 1 : 0)
    .groupBy('type')
  if (filter.isFavorite !== undefined) query = query.where('is_favorite', '=', filter.isFavorite ? 1 : 0)
  const counts = new Map((await query.execute()).map(({ type, count }) => [type, Number(count)]))
  return { images: counts.get('IMAGE') ?? 0, videos: counts.get('VIDEO') ?? 0 }
}

async function useByOwner(db: Database): Promise<LibraryUse[]> {
  const rows = await db
    .selectFrom('asset_counts')
    .select((eb) => [
      'owner_id',
      'type',
      eb.fn.sum<number | string>('count').as('count'),
      eb.fn.sum<number | string>('bytes').as('bytes'),
    ])
    .groupBy(['owner_id', 'type'])
    .execute()
  const owners = new Map<string, LibraryUse>()
  for (const { owner_id, type, count, bytes } of rows) {
    const owner = owners.get(owner_id) ?? {
      userId: owner_id,
      photos: 0,
      videos: 0,
      usagePhotos: 0,
      usageVideos: 0,
    }
    owners.set(owner_id, owner)
    // PostgreSQL sums 64-bit integers to `numeric`, which arrives as text.
    owner[type === 'IMAGE' ? 'photos' : 'videos'] = Number(count)
    owner[type === 'IMAGE' ? 'usagePhotos' : 'usageVideos'] = Number(bytes)
  }
  return [...owners.values()]
}
