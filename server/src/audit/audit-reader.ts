import { sql, type Expression, type SqlBool } from 'kysely'
import type { Database } from '../database/database.ts'
import type { AuditRow } from './audit-row-store.ts'

/** What to look for. Times are ISO 8601 in UTC; the answer is newest first. */
export type AuditFilter = {
  kind?: string | undefined
  code?: string | undefined
  /** Events about this person or by this person. */
  userId?: string | undefined
  /** Events that were still going on at or after this time. */
  from?: string | undefined
  /** Events that began before this time. */
  to?: string | undefined
  /** Part of an address, a peer, a name or a code; case is ignored. */
  search?: string | undefined
}

/** The place of a row in the order: the next page begins behind it. */
export type AuditPlace = { lastAt: string; id: string }

/** A row with the people as they are called today; null for somebody who is gone for good. */
export type AuditEntry = Omit<AuditRow, 'sameness'> & {
  user_name: string | null
  user_email: string | null
  actor_name: string | null
  actor_email: string | null
}

export type AuditReader = {
  /** At most `limit` entries behind `before`. */
  page(filter: AuditFilter, place: { before?: AuditPlace | undefined; limit: number }): Promise<AuditEntry[]>
}

const columns = [
  'audit_events.id',
  'audit_events.kind',
  'audit_events.code',
  'audit_events.method',
  'audit_events.user_id',
  'audit_events.actor_id',
  'audit_events.email',
  'audit_events.peer',
  'audit_events.details',
  'audit_events.count',
  'audit_events.first_at',
  'audit_events.last_at',
] as const

const searched = [
  'audit_events.email',
  'audit_events.peer',
  'audit_events.kind',
  'audit_events.code',
  'audit_events.method',
  'person.name',
  'person.email',
  'actor.name',
  'actor.email',
] as const

export function createAuditReader(db: Database): AuditReader {
  const entries = db
    .selectFrom('audit_events')
    .leftJoin('users as person', 'person.id', 'audit_events.user_id')
    .leftJoin('users as actor', 'actor.id', 'audit_events.actor_id')
    .select(columns)
    .select([
      'person.name as user_name',
      'person.email as user_email',
      'actor.name as actor_name',
      'actor.email as actor_email',
    ])

  return {
    async page(filter, { before, limit }) {
      return entries
        .where((eb) => eb.and([...conditions(filter), ...(before ? [behind(before)] : [])]))
        .orderBy('audit_events.last_at', 'desc')
        .orderBy('audit_events.id', 'desc')
        .limit(limit)
        .execute()
    },
  }
}

function conditions({ kind, code, userId, from, to, search }: AuditFilter): Expression<SqlBool>[] {
  const all = [
    kind !== undefined && sql<SqlBool>`audit_events.kind = ${kind}`,
    code !== undefined && sql<SqlBool>`audit_events.code = ${code}`,
    userId !== undefined &&
      sql<SqlBool>`(audit_events.user_id = ${userId} or audit_events.actor_id = ${userId})`,
    from !== undefined && sql<SqlBool>`audit_events.last_at >= ${from}`,
    to !== undefined && sql<SqlBool>`audit_events.first_at < ${to}`,
    search !== undefined && search !== '' && holding(search),
  ]
  return all.filter((condition) => condition !== false)
}

const behind = ({ lastAt, id }: AuditPlace) =>
  sql<SqlBool>`(audit_events.last_at < ${lastAt} or (audit_events.last_at = ${lastAt} and audit_events.id < ${id}))`

function holding(text: string): Expression<SqlBool> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const each = searched.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`)
  return sql<SqlBool>`(${sql.join(each, sql` or `)})`
}
