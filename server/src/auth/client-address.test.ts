import type { IncomingMessage } from 'node:http'
import { parseNetworks } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
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
])('%s', (_rule, peer, forwarded, client) => {
  expect(clientAddress(from(peer, forwarded), policy)).toBe(client)
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
  [undefined, 'unix'],
])('attempts from %s count for %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})
