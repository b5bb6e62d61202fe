import { describe, expect, test } from 'vitest'
import { createNetworks, describeNetworkProblem, parseNetworks } from './networks.ts'
import type { Networks } from './networks.ts'

function networksOf(input: string | readonly string[]): Networks {
  const parsed = parseNetworks(input)
  if ('problems' in parsed) throw new Error(parsed.problems.map(describeNetworkProblem).join('\n'))
  return parsed.networks
}

describe('who is inside', () => {
  test.each([
    ['10.3.3.0/24', '10.3.3.0'],
    ['10.3.3.0/24', '10.3.3.255'],
    ['10.3.3.0/24', '::ffff:10.3.3.7'],
    ['10.3.3.0/24', '::FFFF:0a03:0307'],
    ['10.3.3.0/24', '0:0:0:0:0:ffff:10.3.3.7'],
    ['::ffff:10.3.3.0/120', '10.3.3.7'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['fd00:3::/32', 'fd00:3:ffff::1'],
    ['fd00:3::/32', 'FD00:0003::1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['fe80::1', 'fe80::1%eth0.10'],
    ['::1', '0:0:0:0:0:0:0:1'],
  ])('%s holds %s', (network, peer) => {
    expect(networksOf(network).contains(peer)).toBe(true)
  })

  test.each([
    ['10.3.3.0/24', '10.3.4.0'],
    ['10.3.3.0/24', '10.3.2.255'],
    ['10.3.3.0/24', '::ffff:10.3.4.7'],
    ['10.3.3.0/24', '::10.3.3.7'],
    ['10.3.3.0/24', '64:ff9b::10.3.3.7'],
    ['10.3.3.0/24', '10.3.3.7%eth0'],
    ['10.3.3.0/24', '10.3.3.7:443'],
    ['10.3.3.0/24', ' 10.3.3.7'],
    ['10.3.3.0/24', '10.3.3.7\n'],
    ['10.3.3.0/24', '10.3.3.7, 10.3.3.7'],
    ['10.3.3.0/24', '010.3.3.7'],
    ['127.0.0.1', 'localhost'],
    ['127.0.0.1', ''],
    ['127.0.0.1', '::1'],
    ['::1', '127.0.0.1'],
    ['::1', '[::1]'],
    ['fd00:3::/32', 'fd00:4::1'],
    ['fe80::/10', 'fec0::1%eth0'],
    ['::7f00:0/104', '127.0.0.1'],
  ])('%s does not hold %j', (network, peer) => {
    expect(networksOf(network).contains(peer)).toBe(false)
  })

  test.each([0, 1, 64, 80, 95])(
    'IPv6 from zero on, /%i, holds no IPv4 peer even without the width rule',
    (prefix) => {
      const networks = createNetworks([{ base: { family: 6, value: 0n }, prefix }])
      expect(networks.contains('::1') || networks.contains('::')).toBe(true)
      expect(networks.contains('10.0.0.1')).toBe(false)
      expect(networks.contains('::ffff:10.0.0.1')).toBe(false)
      expect(networks.contains('127.0.0.1')).toBe(false)
    },
  )

  test('IPv4 as a whole holds no IPv6 peer even without the width rule', () => {
    const networks = createNetworks([{ base: { family: 4, value: 0n }, prefix: 0 }])
    expect(networks.contains('10.0.0.1')).toBe(true)
    expect(networks.contains('::1')).toBe(false)
    expect(networks.contains('fd00::1')).toBe(false)
  })
})

describe('how a list is written', () => {
  const both = ['10.3.3.0/24', 'fd00:3::/32']

  test.each([
    '10.3.3.0/24,fd00:3::/32',
    '10.3.3.0/24, fd00:3::/32',
    ' 10.3.3.0/24\tfd00:3::/32\n',
    '10.3.3.0/24\r\nfd00:3::/32',
    '10.3.3.0/24\vfd00:3::/32',
    '10.3.3.0/24\ffd00:3::/32',
    '10.3.3.0/24 ,\n fd00:3::/32',
    '10.3.3.0/24 FD00:0003::/32 10.3.3.0/24',
  ])('%j is two networks', (text) => {
    expect(networksOf(text).entries).toEqual(both)
  })

  test('a list is taken entry by entry, blanks around them ignored', () => {
    expect(networksOf([' 10.3.3.0/24', 'fd00:3::/32\n']).entries).toEqual(both)
  })

  test.each([[''], ['  \n'], [[]]])('%j trusts nobody', (input) => {
    const networks = networksOf(input)
    expect(networks.entries).toEqual([])
    for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '', '@', 'undefined'])
      expect(networks.contains(peer)).toBe(false)
  })

  test.each<[input: string | string[], bad: string[]]>([
    ['10.3.3.0/24,', ['']],
    [',10.3.3.0/24', ['']],
    ['10.3.3.0/24,,fd00:3::/32', ['']],
    ['10.3.3.0/24, ,fd00:3::/32', ['']],
    [',', ['', '']],
    [[''], ['']],
    [['10.3.3.0/24', '  '], ['']],
    ['10.3.3.0/24, 10.0.0.0/33', ['10.0.0.0/33']],
    ['10.3.3.7/24 fd00:3::/32 010.1.2.3', ['10.3.3.7/24', '010.1.2.3']],
    ['10.3.3.0 /24', ['/24']],
    ['10.3.3.0 / 24', ['/', '24']],
    ['10.3.3.0/24;fd00:3::/32', ['10.3.3.0/24;fd00:3::/32']],
    ['10.3.3.0/24\u00a0fd00:3::/32', ['10.3.3.0/24\u00a0fd00:3::/32']],
    ['x, 11.0.0.0/8, 12.0.0.0/8', ['x']], // one thing after another: how far the list reaches is asked of good ones
    [['10.3.3.0/24, fd00:3::/32'], ['10.3.3.0/24, fd00:3::/32']],
  ])('nobody is trusted when the list is %j, and every bad entry is named', (input, bad) => {
    const parsed = parseNetworks(input)
    expect(parsed).not.toHaveProperty('networks')
    expect('problems' in parsed && parsed.problems.map(({ entry }) => entry)).toEqual(bad)
  })

  test.each<string | string[]>(['x, 10.3.3.7 y,', ['x', '10.3.3.7', 'y', '']])(
    'every bad entry of %j is told by its place',
    (input) => {
      const parsed = parseNetworks(input)
      expect('problems' in parsed && parsed.problems.map(({ index }) => index)).toEqual([0, 2, 3])
    },
  )

  test('a list that is in force cannot be changed from outside', () => {
    const given = ['10.3.3.0/24']
    const networks = networksOf(given)
    given.push('0.0.0.0/0')
    expect(Object.isFrozen(networks) && Object.isFrozen(networks.entries)).toBe(true)
    expect(networks.contains('8.8.8.8')).toBe(false)
  })
})

describe('what an admin reads', () => {
  test('one line names the entry, the reason and what was probably meant', () => {
    const parsed = parseNetworks('10.3.3.7/24')
    expect('problems' in parsed && parsed.problems.map(describeNetworkProblem)).toEqual([
      '"10.3.3.7/24": 10.3.3.7 is one address inside that network, not its beginning; did you mean 10.3.3.0/24 or 10.3.3.7/32?',
    ])
  })

  test('an entry cannot disturb a terminal or fill a log', () => {
    const line = describeNetworkProblem({ entry: `\u001b[2J\u202e\n${'9'.repeat(5000)}`, reason: 'odd' })
    expect(line).toMatch(/^[ -~]{1,120}$/)
    expect(line).toContain('\\u001b[2J\\u202e\\n999')
    expect(describeNetworkProblem({ entry: 'é', reason: 'odd' })).toBe('"\\u00e9": odd')
    expect(describeNetworkProblem({ entry: '9'.repeat(60), reason: 'odd' })).toBe(`"${'9'.repeat(60)}": odd`)
  })
})
