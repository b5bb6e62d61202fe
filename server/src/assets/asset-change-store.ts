import { sql } from 'kysely'
import type { DatabaseTransaction } from '../database/database.ts'
import { badRequest } from '../platform/problem.ts'
import { recount } from './asset-count-store.ts'
import { changedRows } from './asset-edit.ts'
import { emptyExifRow, toNewRow, type AssetRow } from './asset-rows.ts'
import { lockRows, type AssetStorePorts } from './asset-lock-store.ts'
import { jobNames, type Assets } from './assets.ts'
import { inBatches } from './batches.ts'

type Changes = Pick<Assets, 'add' | 'change' | 'setTrashed' | 'remove'>

export function createAssetChangeStore({ db, kind, jobs, clock }: AssetStorePorts): Changes {
  const now = () => clock.now().toISOString()

  return {
    async add(asset, settle) {
      const row = toNewRow(asset, now())
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('assets').values(row).execute()
        await tx.insertInto('asset_exif').values(emptyExifRow(asset)).execute()
        await takeRoom(tx, row)
        await recount(tx, [{ after: row }])
        await jobs.enqueue(tx, jobNames.thumbnails, row.id)
        await jobs.enqueue(tx, jobNames.metadata, row.id)
        await settle(tx)
      })
      jobs.wake()
    },

    async change({ ownerId, ids }, changes) {
      await inBatches(sorted(ids), (batch) =>
        db.transaction().execute(async (tx) => {
          const rows = await lockRows(tx, kind, { ownerId, ids: batch })
          const exifs = await tx.selectFrom('asset_exif').selectAll().where('asset_id', 'in', batch).execute()
          const exifOf = new Map(exifs.map((exif) => [exif.asset_id, exif]))
          const counted: { before: AssetRow; after: AssetRow }[] = []
          for (const before of rows) {
            const exif = exifOf.get(before.id)
            if (!exif) continue
            const changed = changedRows({ row: before, exif, changes, now: now() })
            await tx.updateTable('assets').set(changed.row).where('id', '=', before.id).execute()
            await tx.updateTable('asset_exif').set(changed.exif).where('asset_id', '=', before.id).execute()
            counted.push({ before, after: changed.row })
          }
          if (changes.visibility === 'locked') await takeOut(tx, idsOf(rows))
          await recount(tx, counted)
          return []
        }),
      )
    },

    async setTrashed({ ownerId, ids }, deletedAt) {
      const moved = await inBatches(sorted(ids), (batch) =>
        db.transaction().execute(async (tx) => {
          const rows = await lockRows(tx, kind, { ownerId, ids: batch })
          const moving = rows.filter((row) => (row.deleted_at === null) !== (deletedAt === null))
          if (moving.length === 0) return []
          const values = { deleted_at: deletedAt, updated_at: now() }
          await tx.updateTable('assets').set(values).where('id', 'in', idsOf(moving)).execute()
          await recount(
            tx,
            moving.map((before) => ({ before, after: { ...before, ...values } })),
          )
          return moving
        }),
      )
      return moved.length
    },

    async remove({ ownerId, ids }) {
      const removed = await inBatches(sorted(ids), (batch) =>
        db.transaction().execute(async (tx) => {
          const rows = await lockRows(tx, kind, { ownerId, ids: batch })
          if (rows.length === 0) return []
          await tx.deleteFrom('assets').where('id', 'in', idsOf(rows)).execute()
          await giveRoomBack(tx, ownerId, rows)
          await recount(
            tx,
            rows.map((before) => ({ before })),
          )
          for (const key of rows.flatMap(filesOf)) await jobs.enqueue(tx, jobNames.removeFile, key)
          return rows
        }),
      )
      jobs.wake()
      return removed.length
    },
  }
}

/** What goes into the locked folder is in no album and behind no link any more, also when it comes out again. */
async function takeOut(tx: DatabaseTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('album_assets').where('asset_id', 'in', ids).execute()
  await tx.deleteFrom('shared_link_assets').where('asset_id', 'in', ids).execute()
}

/** The quota is checked in the statement that uses it up, so that two uploads at once cannot both slip in. */
async function takeRoom(tx: DatabaseTransaction, { owner_id, size_bytes }: AssetRow): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ usage_bytes: sql<number>`usage_bytes + ${size_bytes}` })
    .where('id', '=', owner_id)
    .where(sql<boolean>`(quota_bytes is null or usage_bytes + ${size_bytes} <= quota_bytes)`)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw quotaExceeded()
}

export const quotaExceeded = () => badRequest('Quota has been exceeded!')

async function giveRoomBack(
  tx: DatabaseTransaction,
  ownerId: string,
  rows: readonly AssetRow[],
): Promise<void> {
  const bytes = rows.reduce((sum, row) => sum + row.size_bytes, 0)
  await tx
    .updateTable('users')
    .set({ usage_bytes: sql<number>`usage_bytes - ${bytes}` })
    .where('id', '=', ownerId)
    .execute()
}

const filesOf = (row: AssetRow): string[] =>
  [row.original_key, row.preview_key, row.thumbnail_key].filter((key) => key !== null)

const idsOf = (rows: readonly AssetRow[]): string[] => rows.map(({ id }) => id)

/** Without repeats, and in one order for all transactions. */
const sorted = (ids: readonly string[]): string[] => [...new Set(ids)].sort()
