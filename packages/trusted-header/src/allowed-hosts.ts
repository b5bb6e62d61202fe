import { lowerAscii } from './ascii.ts'

/** What a browser leaves out of `Host`, by http and https. */
const defaultPorts = ['80', '443']

/**
 * Tells whether a `Host` value (RFC 9110 section 7.2) is one of the allowed hosts, ASCII case aside. An entry without a
 * port allows every port; one with a port only that, and for 80 and 443 also the host alone, as browsers write it.
 */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const given = splitPort(lowerAscii(host))
  return allowed.some((entry) => {
    const { name, port } = splitPort(lowerAscii(entry))
    if (name === '' || name !== given.name) return false
    return port === '' || port === given.port || (given.port === '' && defaultPorts.includes(port))
  })
}

/** An IPv6 address has its colons in brackets, so that the port is what follows the last colon outside of them. */
function splitPort(host: string): { name: string; port: string } {
  const [, name = host, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host) ?? []
  return { name, port }
}
