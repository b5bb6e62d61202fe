import type { Selectable } from 'kysely'
import type { DatabaseTransaction } from '../database/database.ts'
import type { AssetTable, Flag } from '../database/schema.ts'

type Row = Selectable<AssetTable>
/** The part of an asset's row that the counts depend on. */
export type CountedRow = Pick<
  Row,
  'owner_id' | 'month' | 'type' | 'visibility' | 'is_favorite' | 'deleted_at' | 'size_bytes'
>

type Delta = { key: CountKey; count: number; bytes: number }
type CountKey = {
  owner_id: string
  month: string
  type: Row['type']
  visibility: string
  is_favorite: Flag
  is_trashed: Flag
}

/**
 * Brings `asset_counts` from what rows were to what they are, in the transaction that changes them: before undefined =
 * new, after undefined = removed. Nobody else writes that table.
 */
export async function recount(
  tx: DatabaseTransaction,
  changes: readonly { before?: CountedRow | undefined; after?: CountedRow | undefined }[],
): Promise<void> {
  const deltas = new Map<string, Delta>()
  for (const { before, after } of changes) {
    if (before) note(deltas, before, -1)
    if (after) note(deltas, after, 1)
  }
  // In one order for all, so that two transactions never wait for each other's rows.
  for (const name of [...deltas.keys()].sort()) {
    const delta = deltas.get(name)
    if (delta && (delta.count !== 0 || delta.bytes !== 0)) await apply(tx, delta)
  }
}

function note(deltas: Map<string, Delta>, row: CountedRow, sign: 1 | -1): void {
  const key: CountKey = {
    owner_id: row.owner_id,
    month: row.month,
    type: row.type,
    visibility: row.visibility,
    is_favorite: row.is_favorite,
    is_trashed: row.deleted_at === null ? 0 : 1,
  }
  const name = Object.values(key).join(' ')
  const delta = deltas.get(name) ?? { key, count: 0, bytes: 0 }
  deltas.set(name, delta)
  delta.count += sign
  delta.bytes += sign * row.size_bytes
}

async function apply(tx: DatabaseTransaction, { key, count, bytes }: Delta): Promise<void> {
  await tx
    .insertInto('asset_counts')
    .values({ ...key, count, bytes })
    .onConflict((conflict) =>
      conflict.columns(['owner_id', 'month', 'type', 'visibility', 'is_favorite', 'is_trashed']).doUpdateSet({
        count: (eb) => eb('asset_counts.count', '+', count),
        bytes: (eb) => eb('asset_counts.bytes', '+', bytes),
      }),
    )
    .execute()
}
