import { expect, test } from 'vitest'
import { formatAddress, parseAddress, parsePeer } from './address.ts'

const spellings: [text: string, canonical: string][] = [
  ['10.3.3.7', '10.3.3.7'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['FD00:3::ABCD', 'fd00:3::abcd'],
  ['fd00:0003:0:0:0:0:0:1', 'fd00:3::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['64:ff9b::10.3.3.7', '64:ff9b::a03:307'],
  ['::10.3.3.7', '::a03:307'],
  ['::ffff:10.3.3.7', '10.3.3.7'],
  ['::FFFF:0A03:0307', '10.3.3.7'],
  ['0:0:0:0:0:ffff:10.3.3.7', '10.3.3.7'],
  ['0000:0000:0000:0000:0000:ffff:0a03:0307', '10.3.3.7'],
  ['::fffe:10.3.3.7', '::fffe:a03:307'],
  ['::1:ffff:10.3.3.7', '::1:ffff:a03:307'],
]

test.each(spellings)('%s is one address, written %s', (text, canonical) => {
  const address = parseAddress(text)
  expect(address && formatAddress(address)).toBe(canonical)
})

test.each([
  '',
  ' ',
  '10.1',
  '10.0.0',
  '10.0.0.0.1',
  '10.0.0.256',
  '010.0.0.1',
  '0x0a.0.0.1',
  '167772161',
  '10.0.0.1 ',
  '10.0.0.1\n',
  '10.0.0.1%eth0',
  '10.0.0.1:443',
  '[::1]',
  '::1 ',
  'fe80::1%eth0',
  '1::2::3',
  '12345::',
  ':::',
  '::ffff:010.0.0.1',
  '::ffff:10.1',
  'localhost',
  '١٠.٠.٠.١',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

test('the zone of a link-local peer is left out', () => {
  expect(parsePeer('fe80::1%eth0')).toEqual(parseAddress('fe80::1'))
  expect(parsePeer('::ffff:10.3.3.7%eth0')).toEqual(parseAddress('10.3.3.7'))
})

test.each(['10.3.3.7%eth0', 'fe80::1%', 'fe80::1%a%b', '%eth0', 'fe80::1%eth0 '])(
  'a peer is not made readable by cutting %j at the zone',
  (text) => {
    expect(parsePeer(text)).toBeUndefined()
  },
)
