import { z } from 'zod'
import { plainText } from '../platform/plain-text.ts'
import { auditKindNames, auditKinds, reasonOf, titleOf } from './audit-kinds.ts'
import type { AuditEntry, AuditPlace } from './audit-reader.ts'
import { allCodes, describeCode } from './refusal-reasons.ts'

const time = z.iso
  .datetime({ offset: true, error: 'Must be a time such as 2026-11-23T10:00:00.000Z' })
  .transform((text) => new Date(text).toISOString())

const filters = {
  kind: z.enum(auditKindNames).optional().describe('What happened'),
  code: z.string().max(64).optional().describe('Reason code of a refusal'),
  userId: z.uuid().optional().describe('Events about this person, or by this person'),
  from: time.optional().describe('Events that were still going on then, or later'),
  to: time.optional().describe('Events that began before'),
  search: plainText(254).optional().describe('Part of an address, a peer, a name or a code'),
}

const cursor = z
  .string()
  .regex(/^[\d:.TZ-]{24}_[\da-f-]{36}$/, 'Not a cursor of this list')
  .transform((text): AuditPlace => ({ lastAt: text.slice(0, 24), id: text.slice(25) }))

export const auditQuery = z.object({
  ...filters,
  before: cursor.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const auditExportQuery = z.object({ ...filters, format: z.enum(['csv', 'jsonl']).default('csv') })

/** Id, and name and address as they are today; null for those of an account that is gone for good. */
const person = z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })

const auditEvent = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string().describe('What happened, in a few words'),
  code: z.string().nullable(),
  reason: z.string().nullable().describe('What it means, and what to do about it'),
  method: z.string().nullable(),
  person: person.nullable().describe('Whom it concerns'),
  actor: person.nullable().describe('Who did it, where that is somebody else'),
  email: z.string().nullable().describe('The address that was claimed'),
  peer: z.string().nullable().describe('Address of the other end of the socket'),
  details: z.record(z.string(), z.unknown()).nullable(),
  count: z.number().int().describe('How often, between `firstAt` and `lastAt`'),
  firstAt: z.string(),
  lastAt: z.string(),
})

export const auditResponse = z
  .object({ events: z.array(auditEvent), next: z.string().nullable() })
  .meta({ id: 'AuditResponseDto' })

export const auditKindsResponse = z
  .object({
    kinds: z.array(z.object({ kind: z.string(), title: z.string(), about: z.string() })),
    codes: z.array(z.object({ code: z.string(), reason: z.string() })),
  })
  .meta({ id: 'AuditKindsResponseDto' })

export type WireAuditEvent = z.infer<typeof auditEvent>

export const toWireEvent = (entry: AuditEntry): WireAuditEvent => ({
  id: entry.id,
  kind: entry.kind,
  title: titleOf(entry.kind, entry.code),
  code: entry.code,
  reason: reasonOf(entry.kind, entry.code),
  method: entry.method,
  person: personOf(entry.user_id, entry.user_name, entry.user_email),
  actor: personOf(entry.actor_id, entry.actor_name, entry.actor_email),
  email: entry.email,
  peer: entry.peer,
  details: entry.details === null ? null : (JSON.parse(entry.details) as Record<string, unknown>),
  count: entry.count,
  firstAt: entry.first_at,
  lastAt: entry.last_at,
})

const personOf = (id: string | null, name: string | null, email: string | null) =>
  id === null ? null : { id, name, email }

/** Where the next page begins; null after the last one. */
export const cursorAfter = (entries: readonly AuditEntry[], limit: number): string | null => {
  const last = entries.at(-1)
  return last && entries.length === limit ? `${last.last_at}_${last.id}` : null
}

export const kindsAndCodes = (): z.infer<typeof auditKindsResponse> => ({
  kinds: auditKindNames.map((kind) => ({
    kind,
    title: auditKinds[kind].title,
    about: auditKinds[kind].about,
  })),
  codes: allCodes.map((code) => ({ code, reason: describeCode(code) ?? '' })),
})
