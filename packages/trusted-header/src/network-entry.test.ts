import { describe, expect, test } from 'vitest'
import { describeNetworkProblem, parseNetworks } from './networks.ts'

/** What an admin reads about one refused entry. */
function complaintAbout(entry: string): string {
  const parsed = parseNetworks([entry])
  return 'problems' in parsed ? describeNetworkProblem(parsed.problems[0]) : `accepted: ${entry}`
}

describe('an entry is understood', () => {
  test.each([
    ['10.3.3.0/24', '10.3.3.0/24'],
    ['10.3.3.7', '10.3.3.7/32'],
    ['10.3.3.7/32', '10.3.3.7/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['fd00:3::/32', 'fd00:3::/32'],
    ['FD00:0003:0000::/32', 'fd00:3::/32'],
    ['fc00::/7', 'fc00::/7'],
    ['fe80::/10', 'fe80::/10'],
    ['::1', '::1/128'],
    ['2001:db8::/127', '2001:db8::/127'],
    ['::ffff:10.3.3.7', '10.3.3.7/32'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:a03:300/120', '10.3.3.0/24'],
    ['::FFFF:127.0.0.1/128', '127.0.0.1/32'],
  ])('%s is the network %s', (entry, canonical) => {
    const parsed = parseNetworks([entry])
    expect('networks' in parsed && parsed.networks.entries).toEqual([canonical])
  })
})

describe('an entry is refused with its reason', () => {
  test.each([
    ['10.3.3.7/24', 'inside that network', 'did you mean 10.3.3.0/24 or 10.3.3.7/32?'],
    ['10.0.0.1/8', 'inside that network', 'did you mean 10.0.0.0/8 or 10.0.0.1/32?'],
    ['10.3.3.1/31', 'inside that network', 'did you mean 10.3.3.0/31 or 10.3.3.1/32?'],
    ['fd00:3::1/32', 'inside that network', 'did you mean fd00:3::/32 or fd00:3::1/128?'],
    ['::ffff:10.3.3.7/120', 'inside that network', 'did you mean 10.3.3.0/24 or 10.3.3.7/32?'],
    ['010.1.2.3', 'leading zeros', 'did you mean 10.1.2.3?'],
    ['10.1.2.03/32', 'leading zeros', 'did you mean 10.1.2.3?'],
    ['00.0.0.1', 'leading zeros', 'did you mean 0.0.0.1?'],
    ['[::1]', 'brackets', 'did you mean ::1?'],
    ['[fd00::]/8', 'brackets', 'did you mean fd00::?'],
    ['fe80::1%eth0', 'zone', 'did you mean fe80::1?'],
    ['10.0.0.1:443', 'port', 'did you mean 10.0.0.1?'],
    ['::ffff:10.0.0.0/8', 'at least 96', 'did you mean 10.0.0.0/8?'],
    ['::1/64', 'every IPv4 address written as IPv6', 'did you mean ::1/128?'],
    ['2a00::1/12', 'more public IPv6 addresses than a /20 holds', 'did you mean 2a00::1/128?'],
    ['1.2.3.4/0', 'trusts every IPv4 address', 'did you mean 1.2.3.4/32?'],
  ])('%s: %s; %s', (entry, reason, suggestion) => {
    const complaint = complaintAbout(entry)
    expect(complaint).toContain(`"${entry}": `)
    expect(complaint).toContain(reason)
    expect(complaint.endsWith(`; ${suggestion}`)).toBe(true)
  })

  test.each([
    ['0.0.0.0/0', 'trusts every IPv4 address'],
    ['::ffff:0:0/96', 'trusts every IPv4 address'],
    ['::ffff:0.0.0.0/96', 'trusts every IPv4 address'],
    ['::/0', 'trusts every IPv6 address'],
    ['0.0.0.0/1', 'wider than any private network (/8)'],
    ['128.0.0.0/1', 'wider than any private network (/8)'],
    ['10.0.0.0/7', 'wider than any private network (/8)'],
    ['2000::/3', 'wider than any private network (/7)'],
    ['2a00::/12', 'more public IPv6 addresses than a /20 holds'],
    ['2001::/16', 'more public IPv6 addresses than a /20 holds'],
    ['fec0::/10', 'more public IPv6 addresses than a /20 holds'],
    ['8000::/1', 'wider than any private network (/7)'],
    ['::/1', 'every IPv4 address written as IPv6'],
    ['::/64', 'every IPv4 address written as IPv6'],
    ['::/80', 'every IPv4 address written as IPv6'],
    ['::8000:0:0/81', 'every IPv4 address written as IPv6'],
    ['::fffe:0:0/95', 'every IPv4 address written as IPv6'],
  ])('%s is too wide to prove anything: %s', (entry, reason) => {
    expect(complaintAbout(entry)).toContain(reason)
  })

  test('the neighbours of IPv4 written as IPv6 are plain IPv6', () => {
    expect(complaintAbout('::fffe:0:0/96')).toBe('accepted: ::fffe:0:0/96')
    expect(complaintAbout('::1:0:0:0/80')).toBe('accepted: ::1:0:0:0/80')
  })

  test.each([
    ['', 'empty'],
    ['/', 'no address'],
    ['/24', 'no address'],
    ['10.0.0.0/', 'no prefix length'],
    ['10.0.0.0/33', 'longer than 32 bits'],
    ['10.0.0.0/99999999999999999999', 'longer than 32 bits'],
    ['fd00::/129', 'longer than 128 bits'],
    ['::ffff:10.0.0.0/129', 'longer than 128 bits'],
    ['::ffff:10.0.0.0/95', 'at least 96'],
    ['::ffff:10.3.3.7/24', 'at least 96'],
    ['::ffff:0.0.0.0/0', 'at least 96'],
    ['10.0.0.0/+8', 'not a whole number'],
    ['10.0.0.0/-8', 'not a whole number'],
    ['10.0.0.0/8e0', 'not a whole number'],
    ['10.0.0.0/0x8', 'not a whole number'],
    ['10.0.0.0/08', 'leading zero'],
    ['10.0.0.0/00', 'leading zero'],
    ['10.0.0.0/255.0.0.0', 'netmask'],
    ['10.0.0.0/8/8', 'more than one slash'],
    ['10.0.0.0//8', 'more than one slash'],
    ['10.1', 'four numbers'],
    ['10', 'four numbers'],
    ['167772161', 'four numbers'],
    ['10.1/8', 'four numbers'],
    ['10..0.1', 'four numbers'],
    ['1.2.3.4.5', 'four numbers'],
    ['10.0.0.256', '0 to 255'],
    ['999.999.999.999', '0 to 255'],
    ['0x0a.0.0.1', 'hexadecimal'],
    ['10.0.0.0x1', 'hexadecimal'],
    ['0x0a000001', 'hexadecimal'],
    ['*', 'wildcards'],
    ['10.0.0.*', 'wildcards'],
    ['10.0.0.1-10.0.0.9', 'dash'],
    ['localhost', 'names are not looked up'],
    ['proxy.home.example', 'names are not looked up'],
    ['private', 'names are not looked up'],
    ['-10.0.0.1', 'names are not looked up'],
    ['10.0.0.0\\8', 'names are not looked up'],
    ['12345::', 'not an IPv6 address'],
    ['1::2::3', 'not an IPv6 address'],
    ['::ffff:010.0.0.1', 'not an IPv6 address'],
    ['fe80::1%', 'zone'],
    ['fe80::%eth0/64', 'zone'],
    ['10.0.0.0/8, 10.1.0.0/16', 'more than one entry'],
    ['10.0.0.0 /8', 'more than one entry'],
    ['10.0.0.0\u00a0', 'U+00A0'],
    ['\ufeff10.0.0.0', 'U+FEFF'],
    ['10.0.0.０', 'U+FF10'],
    ['١٠.٠.٠.١', 'U+0661'],
    ['10.0.0.0\u0000', 'U+0000'],
    ['10.0.0.0／8', 'U+FF0F'],
    ['😀', 'U+1F600'],
  ])('%j: %s', (entry, reason) => {
    expect(complaintAbout(entry)).toContain(reason)
  })
})
