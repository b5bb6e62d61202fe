import { isIP } from 'node:net'
import { addressBits, formatAddress, parseAddress } from './address.ts'
import { explainAddress } from './address-mistakes.ts'
import { formatRange, hasHostBits, singleAddress, whyTooWide, withoutHostBits } from './address-range.ts'
import { whyTooPublic } from './network-reach.ts'
import type { Address } from './address.ts'
import type { Mistake } from './address-mistakes.ts'
import type { AddressRange } from './address-range.ts'

/**
 * Reads one trusted network: an address (`10.3.3.7`, `fd00::1`) or a range in CIDR form (`10.3.3.0/24`, `fd00:3::/32`).
 * A bare address is a network of one. Anything with two possible readings is a mistake, never a guess.
 */
export function parseEntry(entry: string): AddressRange | Mistake {
  const odd = explainCharacters(entry)
  if (odd) return odd

  const [text = '', prefixText, ...more] = entry.split('/')
  if (more.length > 0) return { reason: 'there is more than one slash' }
  const address = parseAddress(text)
  if (!address) return explainAddress(text)
  if (prefixText === undefined) return checkRange(singleAddress(address))

  const longest = isIP(text) === 6 ? 128 : 32
  const prefix = parsePrefix(prefixText, longest)
  if (typeof prefix !== 'number') return prefix
  const isMapped = longest !== addressBits[address.family]
  if (!isMapped) return checkRange({ base: address, prefix })
  return prefix < 96
    ? explainMappedPrefix(address, prefix)
    : checkRange({ base: address, prefix: prefix - 96 })
}

function explainCharacters(entry: string): Mistake | undefined {
  if (entry === '') return { reason: 'it is empty; is there a comma too many?' }
  const [odd] = /[^ -~]/u.exec(entry) ?? []
  if (odd === undefined)
    return /[ ,]/.test(entry) ? { reason: 'it holds more than one entry; write them apart' } : undefined
  const codePoint = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return { reason: `it holds a character that belongs in no address (U+${codePoint})` }
}

function parsePrefix(text: string, longest: number): number | Mistake {
  if (text === '') return { reason: 'there is no prefix length after the slash' }
  if (text.includes('.'))
    return { reason: 'a netmask is not understood; write a prefix length, as in 10.3.3.0/24' }
  if (!/^\d+$/.test(text)) return { reason: 'the prefix length after the slash is not a whole number' }
  if (/^0\d/.test(text)) return { reason: 'the prefix length has a leading zero' }
  const prefix = Number(text)
  return prefix <= longest ? prefix : { reason: `the prefix length is longer than ${longest} bits` }
}

/** `::ffff:10.0.0.0/8` would be 2^120 addresses; whoever writes it means 10.0.0.0/8. */
function explainMappedPrefix(address: Address, prefix: number): Mistake {
  const reason = 'for IPv4 written as IPv6 the prefix length is at least 96'
  const meant = { base: address, prefix }
  const isUsable = prefix <= 32 && !hasHostBits(meant) && !whyTooWide(meant)
  return isUsable ? { reason, suggestion: formatRange(meant) } : { reason }
}

function checkRange(range: AddressRange): AddressRange | Mistake {
  const whole = withoutHostBits(range)
  const tooWide = whyTooWide(whole) ?? whyTooPublic(whole)
  const single = formatRange(singleAddress(range.base))
  if (tooWide) return hasHostBits(range) ? { reason: tooWide, suggestion: single } : { reason: tooWide }
  if (!hasHostBits(range)) return range

  const reason = `${formatAddress(range.base)} is one address inside that network, not its beginning`
  return { reason, suggestion: `${formatRange(whole)} or ${single}` }
}
