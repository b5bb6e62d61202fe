import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { deviceOf } from '../sessions/device.ts'
import type { Sessions, SignInMethod } from '../sessions/sessions.ts'
import type { User } from '../users/users.ts'
import { cameByHttps } from './arrival.ts'
import { setSignInCookies } from './sign-in-cookies.ts'

/** Starts a session on this very answer: the one place that writes the cookies of a person. */
export function createPersonSessions({ settings, sessions }: { settings: Settings; sessions: Sessions }) {
  return async function startSession(
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    user: User,
    method: SignInMethod,
  ): Promise<string> {
    const device = deviceOf(request.headers['user-agent'])
    const { token } = await sessions.start({ userId: user.id, method, device })
    const { policy } = await settings.current()
    setSignInCookies(reply, { token, method, secure: cameByHttps(request, policy) })
    return token
  }
}

export type StartSession = ReturnType<typeof createPersonSessions>
