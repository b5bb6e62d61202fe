/** Where an app on a phone waits by its own scheme; with two slashes fewer in old versions. */
const appAddress = /^app\.immich:\/+oauth-callback$/
export const appScheme = 'app.immich:///oauth-callback'

/** Pages of ours to which a browser may come back: our own, and the two that Immich has people register at their issuer. */
const ownPages = new Set(['/auth/login', '/user-settings'])

type Rules = {
  /** `host[:port]` under which this very request came, and that of the external domain. */
  hosts: readonly string[]
  mobileOverrideEnabled: boolean
  mobileRedirectUri: string
}

/**
 * The address that the issuer is told to come back to: one of our own pages, or a phone's app. An address that could
 * lead a sign-in to anybody else is none.
 */
export function redirectAddress(wanted: string, rules: Rules): string | undefined {
  if (appAddress.test(wanted)) return rules.mobileOverrideEnabled ? rules.mobileRedirectUri : wanted
  if (rules.mobileOverrideEnabled && wanted === rules.mobileRedirectUri) return wanted
  return isOwnPage(wanted, rules.hosts) ? wanted : undefined
}

/** The address with which a browser or app came back, as the issuer knows it; the query stays. */
export function returnAddress(came: string, rules: Rules): URL | undefined {
  const [, base = '', query = ''] = /^([^?#]*)(\?[^#]*)?(?:#.*)?$/s.exec(came) ?? []
  const address = redirectAddress(base, rules)
  return address === undefined ? undefined : new URL(address + query)
}

/** To the letter: what an address becomes once a browser has read it must not matter. */
function isOwnPage(wanted: string, hosts: readonly string[]): boolean {
  if (!/^https?:\/\/[\w.:[\]-]+\/[\w/-]*$/.test(wanted) || !URL.canParse(wanted)) return false
  const { host, pathname, href } = new URL(wanted)
  return href === wanted && hosts.includes(host) && ownPages.has(pathname)
}
