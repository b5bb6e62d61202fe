import type { Database } from '../database/database.ts'
import type { SharedLink, SharedLinks } from './sharing.ts'

type Contents = Pick<SharedLinks, 'addAssets' | 'removeAssets' | 'shownBy' | 'take'>

/** Databases limit how many values a statement may name. */
const batchSize = 500

/** What links show: assets of their own, or what is in an album. */
export function createLinkContents({ db, now }: { db: Database; now: () => string }): Contents {
  const contents: Contents = {
    async addAssets(id, assetIds) {
      const added = new Set<string>()
      for (const batch of batches(assetIds)) {
        const rows = await db
          .insertInto('shared_link_assets')
          .values(batch.map((assetId) => ({ link_id: id, asset_id: assetId })))
          .onConflict((conflict) => conflict.columns(['link_id', 'asset_id']).doNothing())
          .returning('asset_id')
          .execute()
        for (const row of rows) added.add(row.asset_id)
      }
      return added
    },
    async removeAssets(id, assetIds) {
      const removed = new Set<string>()
      for (const batch of batches(assetIds)) {
        const rows = await db
          .deleteFrom('shared_link_assets')
          .where('link_id', '=', id)
          .where('asset_id', 'in', batch)
          .returning('asset_id')
          .execute()
        for (const row of rows) removed.add(row.asset_id)
      }
      return removed
    },
    async shownBy(link, among) {
      if (among === undefined) return idsOf(await shown(db, link).execute())
      const found: string[] = []
      for (const batch of batches(among))
        found.push(...idsOf(await shown(db, link).where('assets.id', 'in', batch).execute()))
      return found
    },
    async take(link, assetId) {
      if (link.albumId === null) return void (await contents.addAssets(link.id, [assetId]))
      await db
        .insertInto('album_assets')
        .values({ album_id: link.albumId, asset_id: assetId, created_at: now() })
        .onConflict((conflict) => conflict.columns(['album_id', 'asset_id']).doNothing())
        .execute()
      await db.updateTable('albums').set({ updated_at: now() }).where('id', '=', link.albumId).execute()
    },
  }
  return contents
}

/** Also of an album: only what is the link owner's own. */
function shown(db: Database, { id, userId, albumId }: SharedLink) {
  const query = db
    .selectFrom('assets')
    .select('assets.id')
    .where('assets.owner_id', '=', userId)
    .where('assets.deleted_at', 'is', null)
    .where('assets.visibility', 'in', ['timeline', 'archive'])
    .orderBy('assets.file_created_at')
    .orderBy('assets.id')
  if (albumId === null)
    return query.where('assets.id', 'in', (eb) =>
      eb.selectFrom('shared_link_assets').select('asset_id').where('link_id', '=', id),
    )
  return query.where('assets.id', 'in', (eb) =>
    eb.selectFrom('album_assets').select('asset_id').where('album_id', '=', albumId),
  )
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)

function* batches(ids: readonly string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += batchSize) yield ids.slice(at, at + batchSize)
}
