import type { Database, DatabaseKind, DatabaseTransaction } from '../database/database.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { AssetRow } from './asset-rows.ts'

export type AssetStorePorts = { db: Database; kind: DatabaseKind; jobs: Jobs; clock: Clock }

/** The owner's rows, held against other writers until the transaction ends, always in the same order. */
export async function lockRows(
  tx: DatabaseTransaction,
  kind: DatabaseKind,
  { ownerId, ids }: { ownerId?: string; ids: readonly string[] },
): Promise<AssetRow[]> {
  let query = tx.selectFrom('assets').selectAll().where('id', 'in', ids).orderBy('id')
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId)
  // SQLite has one writer at a time and no such clause.
  return (kind === 'postgresql' ? query.forUpdate() : query).execute()
}
