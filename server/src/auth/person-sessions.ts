import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import { hostOf } from '../platform/host-of.ts'
import { deviceOf } from '../sessions/device.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Sessions, SignInMethod } from '../sessions/sessions.ts'
import type { User } from '../users/users.ts'
import { cameByHttps, peerOf } from './arrival.ts'
import { clientAddress } from './client-address.ts'
import { setSignInCookies } from './sign-in-cookies.ts'

type Ports = {
  settings: Settings
  sessions: Sessions
  audit: Pick<AuditTrail, 'record'>
  metrics: Pick<Metrics, 'signedIn'>
}

/** Starts a session on this very answer: the one place that writes the cookies of a person. */
export function createPersonSessions({ settings, sessions, audit, metrics }: Ports) {
  return async function startSession(
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    user: User,
    method: SignInMethod,
  ): Promise<string> {
    const device = deviceOf(request.headers['user-agent'])
    const { config, policy } = await settings.current()
    const seenFrom = clientAddress(request, policy)
    const expiresAt = await endOfProbation(method)
    const { token } = await sessions.start({ userId: user.id, method, device, seenFrom, expiresAt })
    metrics.signedIn(method)
    audit.record({ kind: 'signed_in', method, userId: user.id, email: user.email, peer: peerOf(request) })
    setSignInCookies(reply, {
      token,
      method,
      secure: cameByHttps(request, policy) || isHttpsAddress(request, config.server.externalDomain),
    })
    return token
  }

  /** What came by an issuer that is only on trial ends with the trial; a header session falls by itself. */
  async function endOfProbation(method: SignInMethod): Promise<Date | undefined> {
    const probation = method === 'oauth' ? await settings.probation() : undefined
    return probation && new Date(probation.until)
  }
}

/** The public address says https, and the browser came by it: enough where no network tells who the proxy is. */
function isHttpsAddress({ headers }: FastifyRequest, externalDomain: string): boolean {
  const host = externalDomain.startsWith('https://') ? hostOf(externalDomain) : undefined
  return host !== undefined && host === headers.host?.toLowerCase()
}

export type StartSession = ReturnType<typeof createPersonSessions>
