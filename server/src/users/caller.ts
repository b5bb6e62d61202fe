import type { FastifyRequest } from 'fastify'
import { unauthenticated } from '../platform/problem.ts'
import type { User } from './users.ts'

/** For whom a request speaks, and by which credential. */
export type Caller =
  | {
      by: 'session'
      user: User
      sessionId: string
      method: 'password' | 'trusted-header' | 'oauth' | 'device'
    }
  | { by: 'api-key'; user: User; apiKeyId: string; permissions: readonly string[] }
  /** The proxy vouched on this very request; there is no session. */
  | { by: 'trusted-header'; user: User }

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every route that is not public, except for visits. */
    caller: Caller | null
  }
}

/** @throws 401 on a public route, where nobody was looked at, and for a visit by shared link */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw unauthenticated()
  return request.caller
}

/** The session by which the request came, if it came by one. */
export const sessionOf = (caller: Caller): string | undefined =>
  caller.by === 'session' ? caller.sessionId : undefined

/** Whether the caller may do what opens new ways in: a person may, and a key that has every right anyway. */
export const hasEveryRight = (caller: Caller): boolean =>
  caller.by !== 'api-key' || caller.permissions.includes('all')

export const userOf = (request: FastifyRequest): User => callerOf(request).user
