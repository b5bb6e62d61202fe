/** Where Immich's app waits on a phone, by a scheme of its own; some versions write fewer slashes. */
const appAddress = /^app\.immich:\/{1,3}oauth-callback$/

const appCanonical = 'app.immich:///oauth-callback'

/** The one page of ours that a browser may come back to. */
const ownPage = '/auth/login'

type Rules = {
  /** Where people reach us, such as `https://photos.example.com`. */
  origin: string
  /** Immich's settings of that name: an https address that leads on to the app, for phones that need one. */
  oauth: { mobileOverrideEnabled: boolean; mobileRedirectUri: string }
}

export type AppAddress = {
  /** Without query. */
  address: string
  /** A page of ours in a browser, behind the proxy like all others; else an app. */
  isOwnPage: boolean
}

/**
 * Where a one-time code may be sent to: Immich's app, or our own sign-in page. The list is closed, and compared to the
 * letter: an address that could be read in two ways is none (RFC 9700, section 4.1.3).
 */
export function appAddressOf(wanted: string, { origin, oauth }: Rules): AppAddress | undefined {
  const override = oauth.mobileOverrideEnabled ? oauth.mobileRedirectUri : ''
  if (appAddress.test(wanted)) return { address: override || appCanonical, isOwnPage: false }
  if (override !== '' && wanted === override) return { address: override, isOwnPage: false }
  return wanted === origin + ownPage ? { address: wanted, isOwnPage: true } : undefined
}

/** The address with these parameters behind it. */
export const withQuery = (address: string, parameters: Record<string, string>): string =>
  `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`

/** `app.immich:///oauth-callback?code=…&state=…`, as a client brings it back, taken apart. */
export function readCameBack(url: string): { address: string; code: string; state: string } {
  const end = url.search(/[?#]/)
  const query = end === -1 ? '' : url.slice(end + 1).replace(/#.*$/, '')
  const parameters = new URLSearchParams(query)
  return {
    address: end === -1 ? url : url.slice(0, end),
    code: parameters.get('code') ?? '',
    state: parameters.get('state') ?? '',
  }
}
