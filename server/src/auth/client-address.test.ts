import type { IncomingMessage } from 'node:http'
import { parseNetworks } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { markUnixSocket } from '../platform/unix-sockets.ts'
import { clientAddress, placeOf } from './client-address.ts'

function policyWith(entries: string) {
  const parsed = parseNetworks(entries)
  if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
  return { networks: parsed.networks }
}

const policy = policyWith('10.3.3.0/24, fd00:3::/32')

const from = (peer: string, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  raw: { socket: { remoteAddress: peer }, rawHeaders: [] } as unknown as IncomingMessage,
})

test.each([
  ['a stranger is where the socket ends, whatever he claims', '198.51.100.7', '192.0.2.1', '198.51.100.7'],
  ['behind our proxy it is whom the proxy names', '10.3.3.1', '192.0.2.1', '192.0.2.1'],
  ['what the client wrote before it counts nothing', '10.3.3.1', '1.2.3.4, 192.0.2.1', '192.0.2.1'],
  ['several proxies of ours are passed over', '10.3.3.1', '1.2.3.4, 192.0.2.1, 10.3.3.9', '192.0.2.1'],
  ['a proxy that names nobody is itself', '10.3.3.1', undefined, '10.3.3.1'],
  ['nonsense is no address', '10.3.3.1', 'unknown', '10.3.3.1'],
  ['nonsense in the middle ends the chain', '10.3.3.1', '192.0.2.1, _hidden, 10.3.3.9', '10.3.3.9'],
  ['ports and brackets are left out', 'fd00:3::1', '[2001:DB8:0::5]:4711', '2001:db8::5'],
  ['IPv4 with a port', '10.3.3.1', '192.0.2.1:4711', '192.0.2.1'],
  ['IPv4 in IPv6 clothes', '::ffff:10.3.3.1', '::ffff:192.0.2.1', '192.0.2.1'],
  ['an address that only ends like one in such clothes', '10.3.3.1', '1::ffff:192.0.2.1', '1::ffff:c000:201'],
  ['brackets without a port', '10.3.3.1', '[2001:db8::5]', '2001:db8::5'],
  ['a zone is left out', '10.3.3.1', 'fe80::5%eth0', 'fe80::5'],
])('%s', (_rule, peer, forwarded, client) => {
  expect(clientAddress(from(peer, forwarded), policy)).toBe(client)
})

test.each([
  'x[2001:db8::5]',
  '[2001:db8::5]x',
  '192.0.2:1.1',
  '::ffff:192.0.2.1:80',
  '::ffff:192.0.2.1x',
  '::ffff:192.0.2',
])('a hop %j is nonsense, whatever stands in it', (hop) => {
  expect(clientAddress(from('10.3.3.1', hop), policy)).toBe('10.3.3.1')
})

const bySocket = (forwarded?: string) => {
  const socket = { remoteAddress: undefined }
  markUnixSocket(socket)
  const raw = { socket, rawHeaders: [] } as unknown as IncomingMessage
  return { ...from('', forwarded), raw }
}

test('behind a proxy on the unix socket it is whom the proxy names, where the socket is trusted', () => {
  const trusting = { ...policy, unixSocket: true }
  expect(clientAddress(bySocket('192.0.2.1'), trusting)).toBe('192.0.2.1')
  expect(clientAddress(bySocket('192.0.2.1, 10.3.3.9'), trusting)).toBe('192.0.2.1')
  expect(clientAddress(bySocket(), trusting)).toBeUndefined()
  expect(clientAddress(bySocket('192.0.2.1'), policy)).toBeUndefined()
})

test('a connection that is gone came from nowhere, whatever it claims', () => {
  expect(clientAddress(from('', '192.0.2.1'), { ...policy, unixSocket: true })).toBeUndefined()
  const request = from('', '192.0.2.1')
  const raw = { socket: {}, rawHeaders: [] } as unknown as IncomingMessage
  expect(clientAddress({ ...request, raw }, { ...policy, unixSocket: true })).toBeUndefined()
})

test('a chain of ten thousand hops is read from its end alone', () => {
  const chain = `192.0.2.1, ${'10.3.3.9, '.repeat(10_000)}10.3.3.9`
  expect(clientAddress(from('10.3.3.1', chain), policy)).toBe('10.3.3.9')
})

test.each([
  ['192.0.2.17', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['192.168.178.23', '192.168.178.23'],
  ['10.3.3.1', '10.3.3.1'],
  ['172.31.0.9', '172.31.0.9'],
  ['172.32.0.9', '172.32.0.0/24'],
  ['100.100.1.2', '100.100.1.2'],
  ['127.0.0.66', '127.0.0.66'],
  ['::1', '::1'],
  ['fd12:3456::9', 'fd12:3456::9'],
  ['fe80::9', 'fe80::9'],
  ['210.1.2.3', '210.1.2.0/24'],
  ['1.192.168.9', '1.192.168.0/24'],
  ['1.172.16.9', '1.172.16.0/24'],
  ['1.169.254.9', '1.169.254.0/24'],
  ['1.100.64.9', '1.100.64.0/24'],
  ['172.15.0.9', '172.15.0.0/24'],
  ['172.16.0.9', '172.16.0.9'],
  ['172.20.0.9', '172.20.0.9'],
  ['169.254.3.9', '169.254.3.9'],
  ['100.63.0.9', '100.63.0.0/24'],
  ['100.64.0.9', '100.64.0.9'],
  ['100.70.0.9', '100.70.0.9'],
  ['100.99.0.9', '100.99.0.9'],
  ['100.110.0.9', '100.110.0.9'],
  ['100.120.0.9', '100.120.0.9'],
  ['100.127.0.9', '100.127.0.9'],
  ['100.128.0.9', '100.128.0.0/24'],
  ['2001:fd::1', '2001:fd:0:0::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['1::4:5:6:7:8', '1:0:0:4::/64'],
  ['::12', '0:0:0:0::/64'],
  [undefined, 'unix'],
])('attempts from %s count for %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})
