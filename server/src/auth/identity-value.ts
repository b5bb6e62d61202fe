import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * `X-Porchlight-Identity`: opaque, the same for all answers to one person. A client that sees it change drops what it
 * holds of the person before.
 */
export function sendIdentity(reply: FastifyReply, user: { id: string } | undefined): void {
  reply.header('X-Porchlight-Identity', user ? opaque(user.id) : 'nobody')
}

/**
 * A page says by the same header for whom it speaks. Where cookies or the proxy's word have become another person's
 * meanwhile, what the page wants is not done in her name. Who does not send it, as Immich's clients, is not asked.
 */
export function speaksForAnother(
  { headers }: Pick<FastifyRequest, 'headers'>,
  user: { id: string },
): boolean {
  const meant = headers['x-porchlight-identity']
  return meant !== undefined && meant !== opaque(user.id)
}

/** Another person sits here now: what the browser keeps of the one before goes (W3C Clear Site Data, section 3.1). */
export function forgetPersonBefore(reply: FastifyReply): void {
  reply.header('Clear-Site-Data', '"cache", "storage"')
}

const opaque = (id: string) => createHash('sha256').update(`identity:${id}`).digest('base64url').slice(0, 22)
