import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import { doDaily } from '../platform/daily.ts'
import type { Logger } from '../platform/logger.ts'
import { createAuditReader, type AuditReader } from './audit-reader.ts'
import { createAuditRowStore, type AuditRowStore } from './audit-row-store.ts'
import { createAuditTrail } from './audit-trail.ts'
import type { AuditTrail } from './audit.ts'

const day = 24 * 60 * 60 * 1000

type Surroundings = {
  db: Database
  clock: Clock
  logger: Logger
  /** How long events are kept, in days. */
  keepDays: () => Promise<number>
}

export type Audit = { trail: AuditTrail; reader: AuditReader; close(): Promise<void> }

/** The trail, what reads it, and a sweep at the start and once a day. */
export async function openAudit({ db, clock, logger, keepDays }: Surroundings): Promise<Audit> {
  const rows = createAuditRowStore(db)
  const trail = await createAuditTrail({ rows, clock, logger })
  const sweeping = doDaily(
    () => sweepAudit({ rows, clock, keepDays }),
    (error) => logger.error({ err: error }, 'old events could not be removed'),
  )
  return {
    trail,
    reader: createAuditReader(db),
    async close() {
      await sweeping.stop()
      await trail.close()
    },
  }
}

async function sweepAudit({
  rows,
  clock,
  keepDays,
}: {
  rows: AuditRowStore
  clock: Clock
  keepDays: () => Promise<number>
}): Promise<void> {
  const oldest = clock.now().getTime() - (await keepDays()) * day
  await rows.removeBefore(new Date(oldest).toISOString())
}
