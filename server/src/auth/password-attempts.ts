import type { FastifyRequest } from 'fastify'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import type { AttemptLimit } from '../platform/attempt-limit.ts'
import { Problem } from '../platform/problem.ts'
import type { SignInPlaces } from '../sessions/sessions.ts'
import type { Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import { clientAddress, placeOf } from './client-address.ts'

type Ports = {
  limit: AttemptLimit
  settings: Settings
  users: Pick<Users, 'byEmail'>
  places: SignInPlaces
  audit: Pick<AuditTrail, 'record'>
}

export type PasswordAttempts = {
  /**
   * Asked before a password is looked at. Unknown addresses count as any other, so that waiting names no account.
   *
   * @throws {Problem} 429 for too many wrong ones
   */
  begin(
    request: FastifyRequest,
    email: string,
  ): Promise<{
    /** Nothing of it counts any more, and from now on this is a place where the person is known. */
    succeeded(userId: string): Promise<void>
  }>
}

/** The limit on guessing passwords, by the place that a request comes from. */
export function createPasswordAttempts({ limit, settings, users, places, audit }: Ports): PasswordAttempts {
  return {
    async begin(request, email) {
      const { policy } = await settings.current()
      const place = placeOf(clientAddress(request, policy))
      const isKnownPlace = async () => {
        const user = await users.byEmail(email)
        return user !== undefined && places.has({ userId: user.id, place })
      }
      try {
        const attempt = await limit.begin({ subject: email, place, isKnownPlace })
        return {
          async succeeded(userId) {
            attempt.succeeded()
            await places.add({ userId, place })
          },
        }
      } catch (error) {
        if (error instanceof Problem)
          audit.record({
            kind: 'sign_in_refused',
            code: 'too_many_attempts',
            method: 'password',
            email,
            peer: peerOf(request),
          })
        throw error
      }
    },
  }
}
