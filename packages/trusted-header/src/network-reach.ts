import { parseAddress } from './address.ts'
import { endOf } from './address-range.ts'
import type { AddressRange } from './address-range.ts'

/** Nobody calls from these by way of the internet, so that all of them together may be trusted. */
const privateRanges = [
  privateRange('10.0.0.0', 8), // RFC 1918, with the next two
  privateRange('172.16.0.0', 12),
  privateRange('192.168.0.0', 16),
  privateRange('127.0.0.0', 8),
  privateRange('fc00::', 7), // RFC 4193
  privateRange('fe80::', 10),
]

/**
 * The shortest prefix whose worth of public addresses a list may hold. IPv4: as much as one entry may. IPv6: as much as
 * the largest providers own; a few /12 are all that is in use of IPv6 today, so counting by halves would prove nothing.
 */
const publicPrefix = { 4: 8, 6: 20 } as const
const mostPublic = { 4: 1n << BigInt(32 - publicPrefix[4]), 6: 1n << BigInt(128 - publicPrefix[6]) } as const

/**
 * Says with which range (by its place) a list comes to trust more public addresses than it may, for each family.
 * What is measured is the union: many narrow ranges trust as much as one wide, and a repeated one trusts nothing more.
 */
export function findTooMuchTrust(ranges: readonly AddressRange[]): { index: number; reason: string }[] {
  const outermost = outermostOf(ranges)
  const held = { 4: 0n, 6: 0n }
  const found: { index: number; reason: string }[] = []
  for (const [index, range] of ranges.entries()) {
    if (!outermost.has(range)) continue
    const { family } = range.base
    const before = held[family]
    held[family] += publicSize(range)
    if (before <= mostPublic[family] && held[family] > mostPublic[family])
      found.push({ index, reason: `with it, the list ${reasonFor(family)}` })
  }
  return found
}

/** The same for one range alone. */
export function whyTooPublic(range: AddressRange): string | undefined {
  const { family } = range.base
  return publicSize(range) > mostPublic[family] ? `it ${reasonFor(family)}` : undefined
}

function reasonFor(family: 4 | 6): string {
  return `trusts more public IPv${family} addresses than a /${publicPrefix[family]} holds, so strangers could be in it`
}

function publicSize(range: AddressRange): bigint {
  return isPrivate(range) ? 0n : endOf(range) - range.base.value
}

/** The ranges that are inside no other: two ranges never overlap in part. */
function outermostOf(ranges: readonly AddressRange[]): Set<AddressRange> {
  const reached = { 4: 0n, 6: 0n }
  const sorted = ranges.toSorted((one, other) => {
    if (one.base.value === other.base.value) return one.prefix - other.prefix
    return one.base.value < other.base.value ? -1 : 1
  })
  return new Set(
    sorted.filter((range) => {
      const { family, value } = range.base
      if (value < reached[family]) return false
      reached[family] = endOf(range)
      return true
    }),
  )
}

function isPrivate(range: AddressRange): boolean {
  return privateRanges.some(
    (wide) =>
      wide.base.family === range.base.family &&
      wide.base.value <= range.base.value &&
      endOf(range) <= endOf(wide),
  )
}

function privateRange(text: string, prefix: number): AddressRange {
  const base = parseAddress(text)
  if (!base) throw new Error(`${text} is no address`)
  return { base, prefix }
}
