import type { FastifyRequest } from 'fastify'
import type { Changer, Probation } from './settings.ts'

/** What the settings need to know of the request that changes or confirms them; the door is auth's business. */
export type Changers = {
  /** For the audit trail. */
  actorOf(request: FastifyRequest): { actorId: string; peer: string | undefined }
  /** Who changes settings by this request; an API key is a program. */
  changerOf(request: FastifyRequest): Promise<Changer>
  /** Why this request does not show that the person still gets in; undefined when it does. */
  whyNot(request: FastifyRequest, probation: Probation): Promise<string | undefined>
}
