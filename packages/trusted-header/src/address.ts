import { isIP } from 'node:net'

/** An IP address as a number: 32 bits for family 4, 128 bits for family 6. */
export type Address = { family: 4 | 6; value: bigint }

export const addressBits = { 4: 32, 6: 128 } as const

const mappedPrefix = 0xffffn // ::ffff:0:0/96, RFC 4291 section 2.5.5.2

/**
 * Reads an address in full text form: no zone, no brackets, no short forms, no leading zeros in IPv4.
 * IPv4 in IPv6 clothes (`::ffff:10.0.0.1`) comes out as the IPv4 address it is.
 */
export function parseAddress(text: string): Address | undefined {
  const family = isIP(text)
  if (family === 4) return { family: 4, value: ipv4Value(text) }
  if (family !== 6 || text.includes('%')) return undefined

  const value = ipv6Value(text)
  if (value >> 32n === mappedPrefix) return { family: 4, value: BigInt.asUintN(32, value) }
  return { family: 6, value }
}

/**
 * Reads what a socket says of its other end. The zone of a link-local peer (`fe80::1%eth0`) names an interface of this
 * machine; it says nothing about who is there, so it is left out.
 */
export function parsePeer(text: string): Address | undefined {
  if (isIP(text) !== 6) return parseAddress(text)
  return parseAddress(text.replace(/%.*$/, ''))
}

/** Canonical text: dotted decimal, or RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  const digits = value.toString(16).padStart(addressBits[family] / 4, '0')
  if (family === 4) return digits.replace(/../g, (byte) => `.${Number(`0x${byte}`)}`).slice(1)

  const groups = digits.replace(/....(?!$)/g, '$&:')
  // The URL standard writes IPv6 hosts as RFC 5952 asks: lower case, first longest run of zeros shortened.
  return new URL(`http://[${groups}]/`).hostname.slice(1, -1)
}

function ipv4Value(text: string): bigint {
  return text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n)
}

/** `text` is known to be IPv6 without a zone. */
function ipv6Value(text: string): bigint {
  const groups = text.replace(/[\d.]+\.\d+$/, (dotted) => {
    const tail = ipv4Value(dotted)
    return `${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  })
  const [head, tail] = groups.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const left = head ?? []
  const right = tail ?? []
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n)
}
