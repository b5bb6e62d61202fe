import { isIP } from 'node:net'
import type { Policy } from '@porchlight/trusted-header'
import { cameByUnixSocket } from '../platform/unix-sockets.ts'
import type { RequestView } from './request-view.ts'

/** Nobody has more proxies in a row; what stands before them was written by the client. */
const mostHops = 16

/**
 * The address of whoever asks, to count attempts by: the socket's other end, or where that is a proxy we know, the
 * right-most hop of `X-Forwarded-For` that is none. Never a ground for letting anybody in.
 *
 * @returns undefined where only the unix socket is known
 */
export function clientAddress(
  { headers, raw }: Pick<RequestView, 'headers' | 'raw'>,
  { networks, unixSocket = false }: Pick<Policy, 'networks' | 'unixSocket'>,
): string | undefined {
  const byUnixSocket = cameByUnixSocket(raw.socket)
  let address = byUnixSocket ? undefined : addressIn(raw.socket.remoteAddress ?? '')
  const isOurs = address === undefined ? byUnixSocket && unixSocket : networks.contains(address)
  if (!isOurs) return address
  const hops = String(headers['x-forwarded-for'] ?? '').split(',')
  for (const hop of hops.slice(-mostHops).toReversed()) {
    const before = addressIn(hop)
    // What nobody can read is not of our proxy's making.
    if (before === undefined) break
    address = before
    if (!networks.contains(before)) break
  }
  return address
}

/**
 * The address as a place: what one customer of a network provider has in his hands, so that he cannot count anew with
 * each of his addresses. Within a household each address is a place of its own.
 */
export function placeOf(address: string | undefined): string {
  if (address === undefined) return 'unix'
  if (isAtHome(address)) return address
  if (isIP(address) === 4) return address.replace(/\d+$/, '0/24')
  return `${firstGroups(address)}::/64`
}

/** Private, shared, loopback and link-local ranges: RFC 1918, 6598, 1122, 3927; RFC 4193, 4291. */
const isAtHome = (address: string): boolean =>
  /^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
    address,
  ) || /^(f[cd]|fe[89ab])[0-9a-f]{0,2}:|^::1$/.test(address)

/** An address out of a hop: perhaps with a port, in brackets, with a zone; IPv4 in IPv6 clothes is IPv4. */
function addressIn(hop: string): string | undefined {
  const text = hop.trim().toLowerCase()
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1')
  const address = bare.replace(/%.*$/, '')
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1]
  if (mapped !== undefined && isIP(mapped) === 4) return mapped
  if (isIP(address) === 0) return undefined
  // The URL standard writes IPv6 hosts as RFC 5952 asks, so that one address has one text.
  return isIP(address) === 4 ? address : new URL(`http://[${address}]/`).hostname.slice(1, -1)
}

/** The first 64 bits: `2001:db8::1` -> `2001:db8:0:0`. */
function firstGroups(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const zeros = address.includes('::') ? 8 - left.length - right.length : 0
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':')
}
