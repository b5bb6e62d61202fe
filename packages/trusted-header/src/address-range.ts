import { addressBits, formatAddress } from './address.ts'
import type { Address } from './address.ts'

/** Every address that shares its first `prefix` bits with `base`. */
export type AddressRange = { base: Address; prefix: number }

/** No household owns more than the widest private networks: 10.0.0.0/8 and fc00::/7. */
const widestPrefix = { 4: 8, 6: 7 } as const

/** Canonical CIDR text, always with its prefix. */
export function formatRange({ base, prefix }: AddressRange): string {
  return `${formatAddress(base)}/${prefix}`
}

/** The same range with the bits behind the prefix set to zero. */
export function withoutHostBits({ base, prefix }: AddressRange): AddressRange {
  const hostBits = BigInt(addressBits[base.family] - prefix)
  return { base: { ...base, value: (base.value >> hostBits) << hostBits }, prefix }
}

export function hasHostBits(range: AddressRange): boolean {
  return withoutHostBits(range).base.value !== range.base.value
}

/** The address after the last one of a range without host bits. */
export function endOf({ base, prefix }: AddressRange): bigint {
  return base.value + (1n << BigInt(addressBits[base.family] - prefix))
}

export function singleAddress(base: Address): AddressRange {
  return { base, prefix: addressBits[base.family] }
}

/**
 * Says why a range must never be trusted by the network alone, or undefined when it may be.
 * A range that strangers can call from proves nothing about a proxy.
 */
export function whyTooWide(range: AddressRange): string | undefined {
  const { base, prefix } = range
  if (prefix === 0)
    return `it trusts every IPv${base.family} address there is, so anyone could name themselves`
  if (holdsMappedIpv4(range)) return 'it also covers every IPv4 address written as IPv6'
  if (prefix >= widestPrefix[base.family]) return undefined
  return `it is wider than any private network (/${widestPrefix[base.family]}), so strangers could be in it`
}

function holdsMappedIpv4({ base, prefix }: AddressRange): boolean {
  if (base.family !== 6 || prefix > 96) return false
  return base.value >> BigInt(128 - prefix) === 0xffff00000000n >> BigInt(128 - prefix)
}
