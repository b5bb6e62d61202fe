import type { IncomingHttpHeaders } from 'node:http'
import { hostOf } from '../platform/host-of.ts'
import { forbidden, type Problem } from '../platform/problem.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

export const isUnsafe = (method: string): boolean => !safe.has(method)

/**
 * Whether a request that changes something may have been made by our own pages, or by no browser at all.
 *
 * The proxy adds the identity header to everything a browser sends, also to what a foreign page makes it send, so a
 * cookie attribute protects nothing. Browsers say where a request comes from: `Sec-Fetch-Site` (Fetch Metadata) on secure
 * origins, `Origin` (RFC 6454) on every unsafe request. What sends neither is not a browser.
 */
export function provesSameOrigin(headers: IncomingHttpHeaders, externalDomain: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = headers.origin
  if (origin === undefined) return true
  const host = hostOf(origin)
  return host !== undefined && (host === headers.host?.toLowerCase() || host === hostOf(externalDomain))
}

/** The 403 for a request of another site's page; undefined for one that may go on. */
export function refuseForeignSite(headers: IncomingHttpHeaders, externalDomain: string): Problem | undefined {
  if (provesSameOrigin(headers, externalDomain)) return undefined
  return forbidden('The request came from another site', 'cross_origin')
}
