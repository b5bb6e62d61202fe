import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeNetworkProblem, parseNetworks } from './networks.ts'
import type { Networks } from './networks.ts'

/**
 * The reference: addresses are drawn as numbers and only then written down, in one of many spellings, so that it never
 * reads text. A range is its first address and its size.
 */
type Drawn = { family: 4 | 6; value: bigint }
type DrawnRange = Drawn & { prefix: bigint; size: bigint; spell: Spelling }
type Spelling = (address: Drawn) => string

const mapped = 0xffff00000000n
const bitsOf = { 4: 32n, 6: 128n }

const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value / 2n ** shift) % 256n).join('.')
const groupsOf = (value: bigint, digits: number) =>
  Array.from({ length: 8 }, (_, index) => (value / 2n ** BigInt(112 - 16 * index)) % 65536n).map((group) =>
    group.toString(16).padStart(digits, '0'),
  )
const asIpv6 = ({ family, value }: Drawn) => (family === 4 ? value + mapped : value)
const spellings: Spelling[] = [
  (drawn) => (drawn.family === 4 ? dotted(drawn.value) : groupsOf(drawn.value, 1).join(':')),
  (drawn) => `${groupsOf(asIpv6(drawn), 1).slice(0, 6).join(':')}:${dotted(drawn.value % 2n ** 32n)}`,
  (drawn) => groupsOf(asIpv6(drawn), 4).join(':').toUpperCase(),
  (drawn) =>
    groupsOf(asIpv6(drawn), 4)
      .join(':')
      .replace(/(?:^|:)0000:(?:0000:)*/, '::'),
]

function holds(range: DrawnRange, peer: Drawn): boolean {
  return range.family === peer.family && range.value <= peer.value && peer.value < range.value + range.size
}

function write({ family, value, prefix, spell }: DrawnRange): string {
  const text = spell({ family, value })
  return `${text}/${family === 4 && text.includes(':') ? prefix + 96n : prefix}`
}

const below = (end: bigint) => fc.bigInt({ min: 0n, max: end - 1n })
const privateIpv4 = { first: 10n * 2n ** 24n, size: 2n ** 24n } // 10.0.0.0/8
const privateIpv6 = { first: 0xfcn * 2n ** 120n, size: 2n ** 121n } // fc00::/7
const within = ({ first, size }: typeof privateIpv4) => below(size).map((step) => first + step)
const isWithin = ({ first, size }: typeof privateIpv4, value: bigint) =>
  first <= value && value < first + size
const ipv4 = fc.oneof(below(2n ** 32n), within(privateIpv4)).map((value): Drawn => ({ family: 4, value }))
const ipv6 = fc
  .oneof(below(2n ** 128n), below(2n ** 60n), within(privateIpv6))
  .filter((value) => value / 2n ** 32n !== 0xffffn)
  .map((value): Drawn => ({ family: 6, value }))
const someone = fc.tuple(fc.oneof(ipv4, ipv6), fc.constantFrom(...spellings))
/** Five public ranges together stay below the /8 and the /20 that a list may hold. */
function widestOf({ family, value }: Drawn): bigint {
  if (family === 4) return isWithin(privateIpv4, value) ? 8n : 11n
  return isWithin(privateIpv6, value) ? 7n : 23n
}
const range = fc.tuple(someone, fc.nat(128)).map(([[drawn, spell], draw]): DrawnRange => {
  const bits = bitsOf[drawn.family]
  const widest = widestOf(drawn)
  const prefix = widest + (BigInt(draw) % (bits - widest + 1n))
  const size = 2n ** (bits - prefix)
  return { family: drawn.family, value: drawn.value - (drawn.value % size), prefix, size, spell }
})
const coversMapped = ({ family, value, size }: DrawnRange) =>
  family === 6 && value <= mapped && mapped < value + size
const usable = range.filter((drawn) => !coversMapped(drawn))

function networksOf(input: string | readonly string[]): Networks {
  const parsed = parseNetworks(input)
  if ('problems' in parsed) throw new Error(parsed.problems.map(describeNetworkProblem).join('\n'))
  return parsed.networks
}

test('a peer is inside exactly when it lies between the first and the last address', () => {
  const edge = fc.tuple(usable, fc.bigInt({ min: -2n, max: 2n }), fc.boolean(), fc.constantFrom(...spellings))
  fc.assert(
    fc.property(fc.array(usable, { maxLength: 4 }), edge, someone, (others, near, far) => {
      const [target, step, fromEnd, spell] = near
      const top = 2n ** bitsOf[target.family]
      const value = (target.value + (fromEnd ? target.size - 1n : 0n) + step + top) % top
      const neighbour: Drawn = { family: target.family, value }
      fc.pre(neighbour.family === 4 || value / 2n ** 32n !== 0xffffn)

      const ranges = [...others, target]
      const networks = networksOf(ranges.map(write).join(', '))
      expect(networks.contains(spell(neighbour))).toBe(ranges.some((range) => holds(range, neighbour)))
      expect(networks.contains(far[1](far[0]))).toBe(ranges.some((range) => holds(range, far[0])))
    }),
    { numRuns: 2000 },
  )
})

test('no IPv6 range, however wide, holds a peer that calls over IPv4', () => {
  fc.assert(
    fc.property(range, ipv4, fc.constantFrom(...spellings), (drawn, peer, spell) => {
      fc.pre(drawn.family === 6)
      const parsed = parseNetworks(write(drawn))
      expect('networks' in parsed).toBe(!coversMapped(drawn))
      expect('networks' in parsed && parsed.networks.contains(spell(peer))).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

test('what is printed reads back as the same networks, and prints the same again', () => {
  fc.assert(
    fc.property(fc.array(usable, { maxLength: 5 }), (ranges) => {
      const { entries } = networksOf(ranges.map(write))
      expect(networksOf(entries).entries).toEqual(entries)
      expect(networksOf(entries.join(' ')).entries).toEqual(entries)
    }),
    { numRuns: 1000 },
  )
})

test('every spelling of a range prints the same', () => {
  fc.assert(
    fc.property(usable, (drawn) => {
      const printed = spellings.map((spell) => networksOf(write({ ...drawn, spell })).entries.join())
      expect(new Set(printed).size).toBe(1)
    }),
    { numRuns: 1000 },
  )
})

test('an address that is not the first of its range is refused, and the suggestion is right', () => {
  fc.assert(
    fc.property(usable, below(2n ** 128n), (drawn, draw) => {
      fc.pre(drawn.size > 1n)
      const inside = drawn.value + 1n + (draw % (drawn.size - 1n))
      const parsed = parseNetworks(write({ ...drawn, value: inside }))
      const suggestion = 'problems' in parsed ? parsed.problems[0].suggestion : undefined
      const single = { ...drawn, value: inside, prefix: bitsOf[drawn.family] }
      const entries = [drawn, single].map((range) => networksOf(write(range)).entries.join())
      expect(suggestion).toBe(entries.join(' or '))
    }),
    { numRuns: 1000 },
  )
})

test('whatever an operator writes, the answer is networks or problems, never a throw', () => {
  const pieces = [
    '10.0.0.0',
    '/8',
    '::',
    'ffff:',
    '%',
    '[',
    ']',
    ',',
    ' ',
    '0',
    '1',
    '.',
    ':',
    'x',
    '\u00a0',
    '/',
  ]
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((chosen) => chosen.join('')),
  )
  fc.assert(
    fc.property(fc.oneof(text, fc.array(text)), (input) => {
      const parsed = parseNetworks(input)
      const problems = 'problems' in parsed ? parsed.problems : []
      const entries = 'networks' in parsed ? parsed.networks.entries : []
      expect(problems.map(describeNetworkProblem).filter((line) => !/^"[ -~]*": [ -~]+$/.test(line))).toEqual(
        [],
      )
      expect(networksOf(entries).entries).toEqual(entries)
    }),
    { numRuns: 500 },
  )
})
