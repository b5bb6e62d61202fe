import type { FastifyRequest } from 'fastify'
import type { Arrival, Policy } from '@porchlight/trusted-header'

/** What the socket says of a request. The peer is never taken from a header. */
export const arrivalOf = ({ raw }: FastifyRequest): Arrival => ({
  peer: raw.socket.remoteAddress,
  rawHeaders: raw.rawHeaders,
})

/** Whether the browser came by https: over TLS here, or so says a proxy from a trusted network. Only for the `Secure` flag. */
export function cameByHttps(request: FastifyRequest, policy: Policy): boolean {
  const { encrypted, remoteAddress } = request.raw.socket as { encrypted?: boolean; remoteAddress?: string }
  if (encrypted) return true
  const trusted = remoteAddress !== undefined && policy.networks.contains(remoteAddress)
  return trusted && request.headers['x-forwarded-proto'] === 'https'
}
