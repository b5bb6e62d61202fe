import type { AuditFilter, AuditPlace, AuditReader } from './audit-reader.ts'
import { toWireEvent, type WireAuditEvent } from './audit-wire.ts'

export type ExportFormat = 'csv' | 'jsonl'

/** Rows that are in memory at once. */
const pageSize = 500

/** Every event of the filter as text, newest first, page by page. */
export async function* exportAudit(
  reader: AuditReader,
  filter: AuditFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  const write = format === 'csv' ? csvLine : (event: WireAuditEvent) => `${JSON.stringify(event)}\n`
  if (format === 'csv') yield `${csvColumns.join(',')}\r\n`
  let before: AuditPlace | undefined
  do {
    const entries = await reader.page(filter, { before, limit: pageSize })
    yield entries.map((entry) => write(toWireEvent(entry))).join('')
    const last = entries.length === pageSize ? entries.at(-1) : undefined
    before = last && { lastAt: last.last_at, id: last.id }
  } while (before)
}

const csvColumns = [
  'firstAt',
  'lastAt',
  'count',
  'kind',
  'title',
  'code',
  'reason',
  'method',
  'person',
  'actor',
  'email',
  'peer',
  'details',
] as const

/** RFC 4180. */
function csvLine(event: WireAuditEvent): string {
  const cells = { ...event, person: nameOf(event.person), actor: nameOf(event.actor) }
  return `${csvColumns.map((column) => csvCell(cells[column])).join(',')}\r\n`
}

const nameOf = (person: WireAuditEvent['person']) => person && (person.email ?? person.id)

/** What a stranger sent must not become a formula in the admin's spreadsheet (OWASP, “CSV Injection”). */
function csvCell(value: string | number | object | null): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  // Some split at semicolons and tabs too.
  const harmless = text.replace(/(^|[;\t\r\n])(?=[=+\-@\t\r])/g, "$1'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
