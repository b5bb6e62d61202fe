import type { IncomingHttpHeaders } from 'node:http'

/**
 * Where the probes go: to the external domain, else to where the admin came from. Never to an address that somebody names
 * in a body. The admin's cookies go along only where the browser would have sent them: to the same origin.
 */
export function probeTarget(
  headers: IncomingHttpHeaders,
  externalDomain: string,
): { origin: string; cookie: string | undefined } | undefined {
  const came =
    originOf(headers.origin) ?? originOf(headers.host === undefined ? undefined : `http://${headers.host}`)
  const origin = originOf(externalDomain) ?? came
  if (origin === undefined) return undefined
  const sameHost = came !== undefined && new URL(came).host === new URL(origin).host
  // Asked without an Origin, the scheme is not known; the host is what cookies go by.
  const isHis = headers.origin === undefined ? sameHost : came === origin
  return { origin, cookie: isHis ? othersCookies(headers.cookie) : undefined }
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const { protocol, origin, username } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' ? origin : undefined
}

/** The login service's: a probe must not carry our own session. */
export function othersCookies(cookie: string | undefined): string | undefined {
  const others = (cookie ?? '').split(/; */).filter((pair) => pair !== '' && !/^immich_/i.test(pair))
  return others.length > 0 ? others.join('; ') : undefined
}
