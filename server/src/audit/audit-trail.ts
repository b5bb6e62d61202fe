import { createHash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { newId } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { auditKinds } from './audit-kinds.ts'
import type { AuditRow, AuditRowStore } from './audit-row-store.ts'
import { cleanDetails, cleanText } from './audit-text.ts'
import type { AuditEvent, AuditTrail } from './audit.ts'

/** Rows of one kind that an hour keeps apart; beyond them, what strangers choose (address, peer) is `others`. */
export const rowsPerHour = 500
const others = 'others'
/** Rows in memory while the database takes none. What comes beyond them is lost, and counted. */
const mostWaiting = 10_000
/** How long an event waits for more of its like before it is written, in milliseconds. */
const wait = 400
/** After a failure of the database, in milliseconds. */
const waitLonger = 5000

type Ports = { rows: AuditRowStore; clock: Clock; logger: Logger }

/** An event as it is kept, but for id, count and times. */
type Facts = Omit<AuditRow, 'id' | 'sameness' | 'count' | 'first_at' | 'last_at'>

/** The trail, with what waits to be written in memory: bounded by `rowsPerHour` for each kind. */
export async function createAuditTrail({ rows, clock, logger }: Ports): Promise<AuditTrail> {
  let waiting = new Map<string, AuditRow>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  let closed = false
  let lost = 0

  let hour = hourOf(clock.now())
  /** For each kind, what this hour keeps apart. */
  let apart = new Map<string, Set<string>>()
  for (const { kind, sameness } of await rows.knownSince(hour)) apartOf(kind).add(sameness)

  return {
    record(event) {
      try {
        if (closed) return
        note(factsOf(event))
        timer ??= setTimeout(write, wait).unref()
      } catch (error) {
        logger.error({ err: error, kind: event.kind }, 'an event could not be kept in the audit trail')
      }
    },
    flush: write,
    async close() {
      closed = true
      await write()
      clearTimeout(timer)
    },
  }

  function note(facts: Facts): void {
    const now = clock.now()
    startHour(hourOf(now))
    const at = now.toISOString()
    const [sameness, kept] = placeFor(facts)
    const row = waiting.get(sameness)
    if (row) {
      row.count += 1
      row.last_at = at
    } else if (waiting.size >= mostWaiting) lost += 1
    else waiting.set(sameness, { ...kept, id: newId(), sameness, count: 1, first_at: at, last_at: at })
  }

  /** The facts themselves while there is room for them in this hour; else without what strangers choose. */
  function placeFor(facts: Facts): [sameness: string, kept: Facts] {
    const known = apartOf(facts.kind)
    const sameness = samenessOf(hour, facts)
    if (known.has(sameness)) return [sameness, facts]
    if (known.size < rowsPerHour) {
      known.add(sameness)
      return [sameness, facts]
    }
    const rest = {
      ...facts,
      email: facts.email === null ? null : others,
      peer: facts.peer === null ? null : others,
      details: null,
    }
    return [samenessOf(hour, rest, 'together'), rest]
  }

  function startHour(next: string): void {
    if (next === hour) return
    hour = next
    apart = new Map()
  }

  function apartOf(kind: string): Set<string> {
    const known = apart.get(kind) ?? new Set()
    apart.set(kind, known)
    return known
  }

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeWaiting)
    return writing
  }

  async function writeWaiting(): Promise<void> {
    if (waiting.size === 0) return
    const batch = waiting
    waiting = new Map()
    try {
      await rows.add([...batch.values()])
    } catch (error) {
      logger.error({ err: error, rows: batch.size, lost }, 'the audit trail could not be written')
      takeBack(batch)
    }
  }

  /** What was not written waits again, together with what has come since. */
  function takeBack(batch: Map<string, AuditRow>): void {
    for (const [sameness, row] of batch) {
      const later = waiting.get(sameness)
      waiting.set(sameness, later ? { ...row, count: row.count + later.count, last_at: later.last_at } : row)
    }
    if (!closed) timer ??= setTimeout(write, waitLonger).unref()
  }
}

const hourOf = (time: Date): string => `${time.toISOString().slice(0, 13)}:00:00.000Z`

const textOrNull = (text: string | undefined): string | null => (text === undefined ? null : cleanText(text))

const factsOf = (event: AuditEvent): Facts => ({
  kind: event.kind,
  code: textOrNull(event.code),
  method: textOrNull(event.method),
  user_id: textOrNull(event.userId),
  actor_id: textOrNull(event.actorId),
  email: textOrNull(event.email),
  peer: textOrNull(event.peer),
  details: cleanDetails(event.details) ?? null,
})

/** Begins with the hour; equal for equal events of one hour where their kind is kept together. */
function samenessOf(
  hour: string,
  facts: Facts,
  how = auditKinds[facts.kind as AuditEvent['kind']].rows,
): string {
  const { kind, code, method, user_id, actor_id, email, peer } = facts
  const apart = how === 'apart' ? newId() : ''
  const text = JSON.stringify([kind, code, method, user_id, actor_id, email, peer, apart])
  return `${hour.slice(0, 13)} ${createHash('sha256').update(text).digest('base64url')}`
}
