import type { FastifyRequest } from 'fastify'
import type { AuditKind } from './audit-kinds.ts'

export type { AuditKind }

/** One thing that happened. What is absent is not known, or does not apply. */
export type AuditEvent = {
  kind: AuditKind
  /** Reason code of a refusal, of the engine or of the server. */
  code?: string | undefined
  /** How somebody signed in or out: `password`, `trusted-header`, `api-key`, `back-channel`… */
  method?: string | undefined
  /** Whom it concerns. */
  userId?: string | undefined
  /** Who did it, where that is somebody else. */
  actorId?: string | undefined
  /** The address that was claimed or is concerned. */
  email?: string | undefined
  /** Address of the socket's other end. */
  peer?: string | undefined
  /** A few facts more, e.g. `{ before, after }`. Values under names that sound like secrets are masked, long ones cut. */
  details?: Record<string, unknown> | undefined
}

/** Records what a request did, with the address it came from. Never throws. */
export type Report = (request: FastifyRequest, event: AuditEvent) => void

/**
 * The trail of what happened at the door and to the settings.
 *
 * `record` never throws and never waits: the event is in the database within a second. A flood fills neither disk nor
 * memory: equal events of one hour are one row with a count, and of one kind at most a few hundred rows an hour are kept
 * apart.
 */
export type AuditTrail = {
  record(event: AuditEvent): void
  /** Writes what waits; done when it is in the database. */
  flush(): Promise<void>
  /** Writes what waits and stops; what is recorded afterwards is lost. */
  close(): Promise<void>
}
