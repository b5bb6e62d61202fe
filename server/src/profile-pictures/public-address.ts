import { BlockList, isIP } from 'node:net'

/**
 * Everything in the IANA IPv4 Special-Purpose Address Registry that is not globally reachable, with multicast (224.0.0.0/4)
 * and what is reserved (240.0.0.0/4). Of 192.0.0.0/24 and 192.88.99.0/24 nothing is needed to fetch a picture.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 */
const specialIpv4 = listOf('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
])

/** All that is handed out for general use, RFC 4291 section 2.4; NAT64, mapped and local addresses lie outside. */
const globalIpv6 = listOf('ipv6', ['2000::/3'])

/**
 * What is special within it: protocol assignments with Teredo, documentation, and 6to4, which leads to IPv4.
 *
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
const specialIpv6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** Tells whether an IP address is one of the public internet, where nobody's own network can be asked. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, 'ipv4')
    case 6:
      // A zone names a network of this machine.
      return (
        !address.includes('%') && globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6')
      )
    default:
      return false
  }
}

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [first = '', bits = ''] = range.split('/')
    list.addSubnet(first, Number(bits), family)
  }
  return list
}
