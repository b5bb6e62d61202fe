import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import { adminOnly } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { Problem } from '../platform/problem.ts'
import type { Changers } from './changers.ts'
import type { Probation, Settings } from './settings.ts'

const running = z.object({
  id: z.string(),
  secondsLeft: z.int(),
  changed: z.array(z.string()),
  mayConfirm: z.boolean(),
  reason: z.string().optional(),
})
const named = z.object({ id: z.string() })

type ProbationPorts = {
  settings: Settings
  changers: Changers
  audit: Pick<AuditTrail, 'record'>
  now(): Date
}

/** A change to sign-in settings ends by itself unless an admin shows that the door still opens. */
export function probationRoutes(app: HttpServer, { settings, changers, audit, now }: ProbationPorts): void {
  const tags = ['settings']
  const mayChange = { access: adminOnly('systemConfig.update') }

  app.get(
    '/api/system-config/probation',
    {
      config: { access: adminOnly('systemConfig.read') },
      schema: { tags, response: { 200: running.nullable() } },
    },
    async (request) => {
      const probation = await settings.probation()
      if (!probation) return null
      const reason = await changers.whyNot(request, probation)
      return {
        id: probation.id,
        secondsLeft: Math.max(0, Math.ceil((Date.parse(probation.until) - now().getTime()) / 1000)),
        changed: probation.changed,
        mayConfirm: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
      }
    },
  )

  app.post(
    '/api/system-config/probation/confirm',
    { config: mayChange, schema: { tags, body: named, response: { 204: z.null() } } },
    async (request, reply) => {
      const probation = await mustRun(request.body.id)
      const reason = await changers.whyNot(request, probation)
      if (reason !== undefined) throw new Problem(409, reason, { code: 'not_let_in' })
      await end(request, 'keep', probation)
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/api/system-config/probation/undo',
    { config: mayChange, schema: { tags, body: named, response: { 204: z.null() } } },
    async (request, reply) => {
      await end(request, 'undo', await mustRun(request.body.id))
      return reply.status(204).send(null)
    },
  )

  async function mustRun(id: string): Promise<Probation> {
    const probation = await settings.probation()
    if (probation?.id !== id) throw over()
    return probation
  }

  async function end(request: FastifyRequest, how: 'keep' | 'undo', probation: Probation): Promise<void> {
    if (!(await settings.endProbation(probation.id, how))) throw over()
    const code = how === 'keep' ? 'confirmed' : 'undone'
    const details = { changed: probation.changed }
    audit.record({ kind: 'settings_changed', code, ...changers.actorOf(request), details })
  }
}

const over = () => new Problem(409, 'That change is not on probation any more', { code: 'probation_over' })
