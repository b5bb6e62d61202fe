import type { FastifyRequest } from 'fastify'
import type { AuditTrail } from '../audit/audit.ts'
import type { AttemptLimit } from '../platform/attempt-limit.ts'
import { badRequest, Problem } from '../platform/problem.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import type { User, Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import type { PasswordAttempts } from './password-attempts.ts'

type Ports = {
  users: Pick<Users, 'pinHashOf' | 'passwordHashOf'>
  passwords: Pick<PasswordHashes, 'verify'>
  /** Of PINs; passwords have their own. */
  limit: AttemptLimit
  passwordAttempts: PasswordAttempts
  audit: Pick<AuditTrail, 'record'>
}

export type PinCheck = {
  /** @throws {Problem} 400 for a wrong one or none set, 429 after too many */
  mustKnowPin(request: FastifyRequest, user: User, pinCode: string): Promise<void>
  mustKnowPinOrPassword(
    request: FastifyRequest,
    user: User,
    known: { pinCode?: string | undefined; password?: string | undefined },
  ): Promise<void>
}

/** Looks at PINs, each person's attempts one by one. */
export function createPinCheck({ users, passwords, limit, passwordAttempts, audit }: Ports): PinCheck {
  async function mustKnowPin(request: FastifyRequest, user: User, pinCode: string): Promise<void> {
    const stored = await users.pinHashOf(user.id)
    if (stored === null) throw badRequest('User does not have a PIN code')
    // Not by address: who is signed in as gran counts as gran, wherever he moves to.
    const attempt = await limit
      .begin({ subject: user.id, place: `pin ${user.id}` })
      .catch((error: unknown) => {
        if (error instanceof Problem) tell(request, user, 'too_many_attempts')
        throw error
      })
    if (!(await passwords.verify(pinCode, stored))) {
      tell(request, user, 'wrong_pin')
      throw badRequest('Wrong PIN code')
    }
    attempt.succeeded()
  }

  async function mustKnowPassword(request: FastifyRequest, user: User, password: string): Promise<void> {
    const attempt = await passwordAttempts.begin(request, user.email)
    if (!(await passwords.verify(password, await users.passwordHashOf(user.id)))) {
      tell(request, user, 'wrong_password')
      throw badRequest('Wrong password')
    }
    await attempt.succeeded(user.id)
  }

  function tell(request: FastifyRequest, { id: userId, email }: User, code: string): void {
    const method = code === 'wrong_password' ? 'password' : 'pin'
    audit.record({ kind: 'sign_in_refused', code, method, userId, email, peer: peerOf(request) })
  }

  return {
    mustKnowPin,
    async mustKnowPinOrPassword(request, user, { pinCode, password }) {
      if (password !== undefined) await mustKnowPassword(request, user, password)
      else if (pinCode !== undefined) await mustKnowPin(request, user, pinCode)
      else throw badRequest('Either password or pinCode is required')
    },
  }
}
