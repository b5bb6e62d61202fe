import { Readable } from 'node:stream'
import { adminOnly } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { exportAudit } from './audit-export.ts'
import type { AuditReader } from './audit-reader.ts'
import type { AuditTrail } from './audit.ts'
import {
  auditExportQuery,
  auditKindsResponse,
  auditQuery,
  auditResponse,
  cursorAfter,
  kindsAndCodes,
  toWireEvent,
} from './audit-wire.ts'

/** What an admin reads of the trail. An API key needs every right for it: it tells who was there and when. */
export function auditRoutes(
  app: HttpServer,
  { trail, reader }: { trail: AuditTrail; reader: AuditReader },
): void {
  const tags = ['audit']
  const config = { access: adminOnly() }

  app.get(
    '/api/admin/audit',
    { config, schema: { tags, querystring: auditQuery, response: { 200: auditResponse } } },
    async (request) => {
      const { before, limit, ...filter } = request.query
      // So that an admin who tries something sees it at once.
      await trail.flush()
      const entries = await reader.page(filter, { before, limit })
      return { events: entries.map(toWireEvent), next: cursorAfter(entries, limit) }
    },
  )

  app.get(
    '/api/admin/audit/kinds',
    { config, schema: { tags, response: { 200: auditKindsResponse } } },
    async () => kindsAndCodes(),
  )

  app.get(
    '/api/admin/audit/export',
    { config, schema: { tags, querystring: auditExportQuery } },
    async (request, reply) => {
      const { format, ...filter } = request.query
      await trail.flush()
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
      reply.header('Content-Disposition', `attachment; filename="porchlight-activity.${format}"`)
      return reply.send(Readable.from(exportAudit(reader, filter, format), { objectMode: false }))
    },
  )
}
