import type { Metadata } from '../media/media.ts'
import { recount } from './asset-count-store.ts'
import { editedFields, readDates, type AssetRow, type ExifRow } from './asset-rows.ts'
import { lockRows, type AssetStorePorts } from './asset-lock-store.ts'
import { monthOf, type Assets } from './assets.ts'

type Saves = Pick<Assets, 'saveMetadata' | 'saveDerived'>

/** What jobs find out about an asset. */
export function createAssetJobStore({ db, kind, clock }: AssetStorePorts): Saves {
  const now = () => clock.now().toISOString()

  return {
    async saveMetadata(id, metadata) {
      await db.transaction().execute(async (tx) => {
        const [before] = await lockRows(tx, kind, { ids: [id] })
        const exif = await tx
          .selectFrom('asset_exif')
          .selectAll()
          .where('asset_id', '=', id)
          .executeTakeFirst()
        if (!before || !exif) return
        const after = withMetadata(before, exif, { metadata, now: now() })
        await tx.updateTable('assets').set(after.row).where('id', '=', id).execute()
        await tx.updateTable('asset_exif').set(after.exif).where('asset_id', '=', id).execute()
        await recount(tx, [{ before, after: after.row }])
      })
    },

    async saveDerived(id, { previewKey, thumbnailKey, thumbhash, width, height }, settle) {
      return db.transaction().execute(async (tx) => {
        const values = { preview_key: previewKey, thumbnail_key: thumbnailKey, thumbhash, updated_at: now() }
        const { numUpdatedRows } = await tx
          .updateTable('assets')
          .set({ ...values, ...(width !== null && { width }), ...(height !== null && { height }) })
          .where('id', '=', id)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await settle(tx)
        return true
      })
    },
  }
}

type Read = { metadata: Metadata; now: string }

function withMetadata(
  row: AssetRow,
  exif: ExifRow,
  { metadata, now }: Read,
): { row: AssetRow; exif: ExifRow } {
  const edited = new Set(editedFields(exif))
  const { instant, local } = readDates(row, metadata)
  const dated = edited.has('date')
    ? {}
    : { file_created_at: instant, local_date_time: local, month: monthOf(local) }
  return {
    row: {
      ...row,
      ...dated,
      // What was decoded knows the size better than what the file says of itself.
      width: row.width ?? metadata.width,
      height: row.height ?? metadata.height,
      duration_ms: metadata.durationMs ?? row.duration_ms,
      metadata_at: now,
      updated_at: now,
    },
    exif: {
      ...exif,
      make: metadata.make,
      model: metadata.model,
      lens_model: metadata.lensModel,
      orientation: metadata.orientation,
      f_number: metadata.fNumber,
      focal_length: metadata.focalLength,
      iso: metadata.iso,
      exposure_time: metadata.exposureTime,
      exif_width: metadata.exifWidth,
      exif_height: metadata.exifHeight,
      projection_type: metadata.projectionType,
      ...(!edited.has('date') && {
        date_time_original: instant,
        time_zone: metadata.captured?.timeZone ?? null,
      }),
      ...(!edited.has('place') && { latitude: metadata.latitude, longitude: metadata.longitude }),
      ...(!edited.has('text') && { description: metadata.description }),
      ...(!edited.has('rating') && { rating: metadata.rating }),
    },
  }
}
