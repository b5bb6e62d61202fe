import { BlockList } from 'node:net'
import { formatAddress, parsePeer } from './address.ts'
import { formatRange } from './address-range.ts'
import { createMemo } from './memo.ts'
import { parseEntry } from './network-entry.ts'
import { findOversize, mostEntries } from './network-list-size.ts'
import { findTooMuchTrust } from './network-reach.ts'
import type { AddressRange } from './address-range.ts'

/** The networks a proxy may call from. */
export type Networks = {
  /** Total: text that is no address is in no network. A zone is ignored; `::ffff:10.0.0.1` is 10.0.0.1. */
  contains(address: string): boolean
  /** Canonical CIDR text, in the order given, without repeats. */
  readonly entries: readonly string[]
}

/** One entry that was refused: its place (from 0), the text as given, why, and what was probably meant. */
export type NetworkProblem = { index: number; entry: string; reason: string; suggestion?: string }

/**
 * Reads the trusted networks: text with entries between commas and/or blanks, or a list of single entries; at most 1000
 * of them, in 100,000 characters. Never throws on what an operator wrote. One bad entry refuses the whole setting, since
 * a list that is in force only in part is not what anybody meant; so does a list of good entries that together reach too
 * far. Blank text and an empty list trust nobody.
 */
export function parseNetworks(
  input: string | readonly string[],
): { networks: Networks } | { problems: readonly [NetworkProblem, ...NetworkProblem[]] } {
  const oversize = findOversize(input)
  if (oversize) return { problems: [oversize] }
  const entries = entriesOf(input)
  const extra = entries[mostEntries]
  if (extra !== undefined) return { problems: [tooManyEntries(extra)] }

  const ranges: AddressRange[] = []
  const problems: NetworkProblem[] = []
  for (const [index, entry] of entries.entries()) {
    const parsed = parseEntry(entry)
    if ('reason' in parsed) problems.push({ index, entry, ...parsed })
    else ranges.push(parsed)
  }
  // Only a list without bad entries has all its ranges, each at the place of its entry.
  if (problems.length === 0) problems.push(...reachProblems(ranges, entries))
  const [first, ...rest] = problems
  return first ? { problems: [first, ...rest] } : { networks: createNetworks(ranges) }
}

function tooManyEntries(entry: string): NetworkProblem {
  return { index: mostEntries, entry, reason: `there are more than ${mostEntries} entries` }
}

function reachProblems(ranges: readonly AddressRange[], entries: readonly string[]): NetworkProblem[] {
  return findTooMuchTrust(ranges).map(({ index, reason }) => ({ index, entry: entries[index] ?? '', reason }))
}

/** One line for a person: the entry (safe to print), the reason, the suggestion. */
export function describeNetworkProblem({ entry, reason, suggestion }: Omit<NetworkProblem, 'index'>): string {
  const start = entry.length > 60 ? `${entry.slice(0, 60)}...` : entry
  const shown = JSON.stringify(start).replace(/[^ -~]/g, escapeCharacter)
  return `${shown}: ${reason}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/**
 * A list for each family. In one list, Node looks IPv4 up as `::ffff:a.b.c.d`, so that `::/64` would hold all of IPv4.
 * Not for callers of the package: ranges are checked by `parseEntry` only.
 */
export function createNetworks(ranges: readonly AddressRange[]): Networks {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const { base, prefix } of ranges)
    lists[base.family].addSubnet(formatAddress(base), prefix, `ipv${base.family}`)

  // A proxy is one peer for thousands of requests; the longest address has 45 characters, and then perhaps a zone.
  const contains = createMemo(
    (address) => {
      const peer = parsePeer(address)
      return peer !== undefined && lists[peer.family].check(formatAddress(peer), `ipv${peer.family}`)
    },
    { most: 1024, longest: 64 },
  )
  return Object.freeze({ entries: Object.freeze([...new Set(ranges.map(formatRange))]), contains })
}

function entriesOf(input: string | readonly string[]): string[] {
  if (typeof input !== 'string') return input.map((item) => splitAtBlanks(item).join(' '))
  if (splitAtBlanks(input).length === 0) return []
  // Nothing between two commas is an empty entry, not no entry.
  return input.split(',').flatMap((part) => (splitAtBlanks(part).length === 0 ? [''] : splitAtBlanks(part)))
}

/** Only ASCII blanks separate: a no-break space pasted from a web page is named as what it is. */
function splitAtBlanks(text: string): string[] {
  return text.split(/[\t\n\v\f\r ]+/).filter((part) => part !== '')
}
