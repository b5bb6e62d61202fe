import type { FastifyRequest } from 'fastify'
import type { AuditEvent, Report } from '../audit/audit.ts'
import { callerOf } from './caller.ts'
import type { User } from './users.ts'

type AccountEvent = Pick<AuditEvent, 'kind' | 'details'>

/** Tells the audit trail what was done to an account, by whom, and with which credential. */
export function reportAccount(
  { report, request }: { report: Report; request: FastifyRequest },
  { id: userId, email }: User,
  event: AccountEvent,
): void {
  const caller = callerOf(request)
  const actorId = caller.user.id === userId ? undefined : caller.user.id
  const method = caller.by === 'session' ? caller.method : caller.by
  report(request, { method, userId, actorId, email, ...event })
}

/** What an admin may want to know of a change, field by field; texts of the person's own are not among it. */
const told = ['name', 'email', 'storageLabel', 'quotaBytes', 'shouldChangePassword'] as const

/** The events of one change to an account: a right given or taken is one of its own. */
export function accountEvents(before: User, after: User, passwordChanged: boolean): AccountEvent[] {
  const events: AccountEvent[] = []
  const fields = told.filter((field) => before[field] !== after[field])
  const pick = (user: User) => Object.fromEntries(fields.map((field) => [field, user[field]]))
  if (fields.length > 0 || passwordChanged) {
    const changes = fields.length > 0 ? { before: pick(before), after: pick(after) } : {}
    const details = { ...changes, ...(passwordChanged ? { passwordChanged } : {}) }
    events.push({ kind: 'account_changed', details })
  }
  if (before.isAdmin !== after.isAdmin)
    events.push({ kind: after.isAdmin ? 'admin_granted' : 'admin_withdrawn' })
  return events
}
