import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** What the chain of credentials looks at of a request: Fastify's own has it, and so has an upgrade that comes past it. */
export type RequestView = {
  method: string
  url: string
  headers: IncomingHttpHeaders
  query: unknown
  cookies: Record<string, string | undefined>
  raw: Pick<IncomingMessage, 'socket' | 'rawHeaders'>
}
