import { parseAddress } from './address.ts'
import type { Address } from './address.ts'

/**
 * Where the public keys of a login service come from. The admin pins it; nothing in a token or a request says where to
 * look (`jku`, `x5u` and authentik's `X-authentik-meta-jwks` are an attacker's to write).
 */
export type KeySource =
  /** A JSON Web Key Set (RFC 7517 section 5) by HTTP. */
  | { jwksUrl: string }
  /** The same in a file, by its absolute path. */
  | { jwksFile: string }
  /** One PEM file for each key, as AWS load balancers have it; `{kid}` stands for the key's id. */
  | { pemUrl: string }

/**
 * Reads what an admin wrote into one field: an absolute path is a file, an address with `{kid}` in it is a PEM file for
 * each key, any other address is a key set. Never throws.
 */
export function parseKeySource(text: string): { keys: KeySource } | { problem: string } {
  const keys: KeySource = text.startsWith('/')
    ? { jwksFile: text }
    : text.includes('{kid}')
      ? { pemUrl: text }
      : { jwksUrl: text }
  const problem = explainKeySource(keys)
  return problem === undefined ? { keys } : { problem }
}

/** Says why keys may not come from there, or undefined when they may. */
export function explainKeySource(keys: KeySource): string | undefined {
  if ('jwksFile' in keys) return explainPath(keys.jwksFile)
  if ('jwksUrl' in keys) return explainUrl(keys.jwksUrl)
  const parts = keys.pemUrl.split('{kid}')
  if (parts.length !== 2) return 'The address must hold {kid} exactly once'
  // With the id anywhere before the path, a token would choose the host.
  const isInPath = new RegExp(`^https?://[^/?#]+/[^?#]*$`, 'i').test(parts[0] ?? '')
  return isInPath ? explainUrl(parts.join('kid')) : 'The {kid} must stand in the path of the address'
}

const explainPath = (path: string) =>
  /^\/[^\0]*$/.test(path) ? undefined : 'The file needs its whole path, from / on'

function explainUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return 'It is neither an https:// address nor a path from / on'
  if (url.username !== '' || url.password !== '') return 'The address must not hold a user name or password'
  if (url.hash !== '') return 'The address must not hold a #'
  if (url.protocol === 'http:' && !isNearby(url.hostname)) {
    return 'http:// is for this machine and its own network only: whoever sits on the way could hand out other keys'
  }
  return undefined
}

/** RFC 1918, RFC 4193 and loopback. */
const nearby = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '::1/128', 'fc00::/7'].map(
  (range) => {
    const [first = '', bits = ''] = range.split('/')
    return { first: parseAddress(first), bits: Number(bits) }
  },
)

/** A name without a dot is a container or a machine of this network: no public name is spelt so. */
function isNearby(host: string): boolean {
  const address = parseAddress(host.replace(/^\[|\]$/g, ''))
  if (!address) return /^[a-z0-9_-]+$/.test(host)
  return nearby.some(({ first, bits }) => first !== undefined && sharesBits(first, address, bits))
}

function sharesBits(a: Address, b: Address, bits: number): boolean {
  const rest = BigInt((a.family === 4 ? 32 : 128) - bits)
  return a.family === b.family && a.value >> rest === b.value >> rest
}
