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

/**
 * Somebody who came by a shared link, whoever else she is. Not a `Caller`: she is nobody here, and whatever a route does
 * for a member it does not do for her unless it asks for the visit.
 */
export type Visit = {
  linkId: string
  /** Whose the shared things are. */
  owner: User
  /** Null for a link to single assets. */
  albumId: string | null
  mayUpload: boolean
  mayDownload: boolean
  showsMetadata: boolean
  /** Which of these assets the link shows. */
  holds(assetIds: readonly string[]): Promise<Set<string>>
  /** Makes an asset of the owner part of what is shared. */
  take(assetId: string): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every route that is not public, except for visits. */
    caller: Caller | null
    /** Set by the guard where a shared link was named, on the routes that it reaches. */
    visit: Visit | null
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
