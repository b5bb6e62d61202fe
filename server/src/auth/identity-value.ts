import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/**
 * `X-Porchlight-Identity`: opaque, the same for all answers to one person. A client that sees it change drops what it
 * holds of the person before.
 */
export function sendIdentity(reply: FastifyReply, user: { id: string } | undefined): void {
  reply.header('X-Porchlight-Identity', user ? opaque(user.id) : 'nobody')
}

const opaque = (id: string) => createHash('sha256').update(`identity:${id}`).digest('base64url').slice(0, 22)
