import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { plainText } from '../platform/plain-text.ts'
import { badRequest, forbidden } from '../platform/problem.ts'
import { callerOf } from '../users/caller.ts'
import type { DeviceFlow } from './device-flow.ts'
import { isSamePerson } from './reconcile.ts'
import { refuseForeignSite } from './same-origin.ts'
import type { VerdictOn } from './verdicts.ts'

type Ports = { settings: Settings; flow: DeviceFlow; verdictOn: VerdictOn; report: Report }

const grantBody = z.object({
  redirectUri: plainText(2048),
  state: z.string().min(1).max(512),
  codeChallenge: z.string().regex(/^[\w-]{43}$/),
})

/** The page asks the person, and she says yes. */
export function deviceRoutes(app: HttpServer, { settings, flow, verdictOn, report }: Ports): void {
  app.post(
    '/api/device-sign-in/grant',
    {
      config: { access: signedIn() },
      schema: { tags: ['oauth'], body: grantBody, response: { 201: z.object({ url: z.string() }) } },
    },
    async (request, reply) => {
      const inForce = await settings.current()
      if (!flow.isOn(inForce)) throw badRequest('OAuth is not enabled')
      // The guard passes this over where a key or token was sent on purpose.
      const foreign = refuseForeignSite(request.headers, inForce.config.server.externalDomain)
      if (foreign) throw foreign
      await mustBeVouchedFor(request, inForce)
      const { user } = callerOf(request)
      const url = await flow.grant({ request, inForce, body: request.body }, user)
      report(request, { kind: 'device_granted', method: 'device', userId: user.id, email: user.email })
      return reply.status(201).header('Cache-Control', 'no-store').send({ url })
    },
  )

  /** By the proxy, on this very request, and for nobody else than whose session it is. A key or a password is not enough. */
  async function mustBeVouchedFor(request: FastifyRequest, inForce: SettingsInForce): Promise<void> {
    const verdict = await verdictOn(request, inForce)
    const caller = callerOf(request)
    const isVouched = 'identity' in verdict && isSamePerson(caller.user, verdict.identity)
    if (isVouched && caller.by !== 'api-key') return
    const code = 'not_vouched_for'
    const { id: userId, email } = caller.user
    report(request, { kind: 'sign_in_refused', code, method: 'device', userId, email })
    throw forbidden('Your proxy did not say that you are here', code)
  }
}
