import type { FastifyRequest } from 'fastify'
import { unauthenticated } from '../platform/problem.ts'

/** Asked only where a locked asset is met, since it costs a look at the session. */
export type OpensLocked = () => Promise<boolean>

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the PIN was typed in the session by which this request came. Absent in a server without PINs. */
    looksIntoLocked?: (request: FastifyRequest) => Promise<boolean>
  }
}

export const opensLocked =
  (request: FastifyRequest): OpensLocked =>
  async () =>
    (await request.server.looksIntoLocked?.(request)) === true

/** @throws 401 in the words that Immich's clients know; the session itself stays good */
export async function mustOpenLocked(request: FastifyRequest): Promise<void> {
  if (!(await opensLocked(request)())) throw unauthenticated('Elevated permission is required')
}
