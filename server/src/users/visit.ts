import type { FastifyRequest } from 'fastify'
import type { User } from './users.ts'

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
    /** Set by the guard where a shared link was named, on the routes that it reaches; there is no caller then. */
    visit: Visit | null
  }
}

export const visitOf = (request: FastifyRequest): Visit | undefined => request.visit ?? undefined
