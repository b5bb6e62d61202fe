import type { Arrival, Policy } from '@porchlight/trusted-header'
import { cameByUnixSocket } from '../platform/unix-sockets.ts'
import type { RequestView } from './request-view.ts'

/** What the socket says of a request. The peer is never taken from a header. */
export const arrivalOf = ({ raw }: Pick<RequestView, 'raw'>): Arrival => ({
  peer: raw.socket.remoteAddress,
  viaUnixSocket: cameByUnixSocket(raw.socket),
  rawHeaders: raw.rawHeaders,
})

/** The socket's other end for the audit trail: an address, or that it was the unix socket. */
export function peerOf({ raw }: Pick<RequestView, 'raw'>): string | undefined {
  // On a listener for both, Node writes IPv4 as IPv6; people look for the address that they know.
  return cameByUnixSocket(raw.socket) ? 'unix' : raw.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** Whether the browser came by https: over TLS here, or so says a proxy that we know. Only for the `Secure` flag. */
export function cameByHttps({ headers, raw }: Pick<RequestView, 'headers' | 'raw'>, policy: Policy): boolean {
  const { encrypted, remoteAddress } = raw.socket as { encrypted?: boolean; remoteAddress?: string }
  if (encrypted) return true
  const known = remoteAddress !== undefined && policy.networks.contains(remoteAddress)
  const trusted = known || (policy.unixSocket === true && cameByUnixSocket(raw.socket))
  return trusted && headers['x-forwarded-proto'] === 'https'
}
