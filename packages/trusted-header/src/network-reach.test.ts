import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeNetworkProblem, parseNetworks } from './networks.ts'

function complaintsAbout(input: string | readonly string[]): string[] {
  const parsed = parseNetworks(input)
  return 'problems' in parsed ? parsed.problems.map(describeNetworkProblem) : []
}

const tooPublic = (entry: string, limit: string) =>
  `"${entry}": with it, the list trusts more public ${limit} holds, so strangers could be in it`
const eighths = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `${first + index}.0.0.0/8`)

describe('a list of networks that are narrow one by one', () => {
  test.each<[string, string[], string]>([
    ['all of IPv4 but a little', eighths(1, 255), tooPublic('2.0.0.0/8', 'IPv4 addresses than a /8')],
    [
      'a /8 and one address more, wherever the private ones stand',
      ['10.0.0.0/8', '44.0.0.0/8', '192.168.0.0/16', '8.8.8.8'],
      tooPublic('8.8.8.8', 'IPv4 addresses than a /8'),
    ],
    [
      'a /8 in halves and one address more, out of order',
      ['44.128.0.0/9', '8.8.8.8', '44.0.0.0/9'],
      tooPublic('44.0.0.0/9', 'IPv4 addresses than a /8'),
    ],
    [
      'what surrounds a private network',
      ['172.0.0.0/8', '192.0.0.0/8'],
      tooPublic('192.0.0.0/8', 'IPv4 addresses than a /8'),
    ],
    [
      'a /20 of IPv6 and one address more',
      ['fc00::/7', '2a00:1000::/20', '2600::1'],
      tooPublic('2600::1', 'IPv6 addresses than a /20'),
    ],
    [
      'a /8 written as IPv6 and one address more',
      ['::ffff:44.0.0.0/104', '1.1.1.1'],
      tooPublic('1.1.1.1', 'IPv4 addresses than a /8'),
    ],
  ])('is refused when together it is %s', (_what, entries, complaint) => {
    expect(complaintsAbout(entries)).toEqual([complaint])
    expect(complaintsAbout(entries.join(', '))).toEqual([complaint])
  })

  test('is refused once for IPv4 and once for IPv6, by the place of the entry', () => {
    const parsed = parseNetworks(['1.0.0.0/8', '2a00::/20', '2.0.0.0/8', '3.0.0.0/8', '2b00::/20'])
    expect('problems' in parsed && parsed.problems.map(({ index, entry }) => [index, entry])).toEqual([
      [2, '2.0.0.0/8'],
      [4, '2b00::/20'],
    ])
  })

  test.each([
    [
      'every private network there is',
      '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 fc00::/7 fe80::/10 ::1',
    ],
    [
      'those beside link-local and carrier addresses',
      '10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 100.64.0.0/10 fe80::/10',
    ],
    ['a whole /8 of one owner', '10.0.0.0/8 44.0.0.0/8'],
    ['a whole /20 of one provider', 'fd00::/8 2a00:1000::/20'],
    ['the same network many times over', '44.0.0.0/8 '.repeat(20)],
    ['networks inside another', '44.3.0.0/16 44.0.0.0/8 44.0.0.0/9 44.3.3.7 44.255.255.255'],
    ['a /8 in two halves', '44.0.0.0/9 44.128.0.0/9'],
    [
      'a single address in each of many networks',
      Array.from({ length: 250 }, (_, n) => `${n + 1}.1.1.1`).join(),
    ],
  ])('is taken when it is %s', (_what, text) => {
    expect(complaintsAbout(text)).toEqual([])
  })
})

test('a list is refused exactly when its public addresses, counted one block at a time, are more than a /8', () => {
  // The reference knows 4096 blocks of a /12 each and marks those that are trusted: no ranges, no sorting.
  const isPrivate = (block: number) => block >> 4 === 10 || block >> 4 === 127 || block === ((172 << 4) | 1)
  const drawn = fc.tuple(fc.constantFrom(10, 44, 45, 127, 172), fc.integer({ min: 8, max: 12 }), fc.nat(15))
  const network = drawn.map(([first, prefix, draw]) => {
    const size = 2 ** (12 - prefix)
    const start = first * 16 + Math.floor(draw / size) * size
    return { text: `${first}.${(start % 16) * 16}.0.0/${prefix}`, start, size }
  })
  fc.assert(
    fc.property(fc.array(network, { maxLength: 12 }), (networks) => {
      const blocks = new Set(
        networks.flatMap(({ start, size }) => Array.from({ length: size }, (_, n) => start + n)),
      )
      // A range that is public in part counts whole, with the private network inside it.
      const reachesOut = networks.some(
        ({ start, size }) => start <= 172 * 16 + 1 && start + size > 172 * 16 + 1 && size > 1,
      )
      const counted = [...blocks].filter((block) => !isPrivate(block) || (reachesOut && block >> 4 === 172))
      const isTaken = 'networks' in parseNetworks(networks.map(({ text }) => text))
      expect(isTaken).toBe(counted.length <= 16)
    }),
    { numRuns: 2000 },
  )
})
