import { aliasKey } from './header-alias.ts'

/** What oauth2-proxy and rauthy call the identity; the rest of `X-Forwarded-*` says how a request travelled. */
const identities = keysOf(`
  x-forwarded-email x-forwarded-user x-forwarded-preferred-username x-forwarded-groups x-forwarded-user-email
  x-forwarded-user-given-name x-forwarded-user-family-name x-forwarded-user-groups x-forwarded-user-roles`)

/** Whole families of names, with everything that belongs to them now or later. */
const family = /^-*(?:accept|access-control|content|if|proxy|sec|x-forwarded|x-immich)(?:-|$)/

/**
 * Headers that browsers, clients and proxies send for reasons of their own. Those of the families are here once more,
 * since `content_type` and `contenttype` are aliases of a name that is in most requests.
 */
const reserved = keysOf(`
  accept accept-charset accept-encoding accept-language access-control-request-headers access-control-request-method
  alt-used authorization cache-control connection content-disposition content-encoding content-language content-length
  content-location content-range content-type cookie cookie2 date device-memory dnt downlink early-data ect expect
  forwarded from host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive
  last-event-id link max-forwards origin pragma priority proxy-authenticate proxy-authorization proxy-connection
  purpose range referer referrer rtt save-data sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest
  sec-fetch-mode sec-fetch-site sec-fetch-storage-access sec-fetch-user sec-gpc sec-purpose sec-websocket-accept
  sec-websocket-extensions sec-websocket-key sec-websocket-protocol sec-websocket-version server set-cookie te
  traceparent tracestate trailer transfer-encoding upgrade upgrade-insecure-requests user-agent via viewport-width
  width x-api-key x-client-ip x-correlation-id x-csrf-token x-forwarded x-forwarded-by x-forwarded-for
  x-forwarded-host x-forwarded-method x-forwarded-path x-forwarded-port x-forwarded-prefix
  x-forwarded-proto x-forwarded-protocol x-forwarded-scheme x-forwarded-server x-forwarded-ssl x-forwarded-uri
  x-http-method-override x-immich-checksum x-immich-session-token x-immich-share-key x-immich-share-slug
  x-immich-user-token x-original-host x-original-method x-original-uri x-original-url x-real-ip x-request-id
  x-requested-with x-scheme x-xsrf-token`)

/**
 * Tells whether a name (in lower case) has a meaning of its own, for browsers, proxies or this server, so that it can
 * name nobody: `host` is in every request, and `from` and `referer` are the client's to write. Aliases count too, since
 * `-host-` would be doubted in every request for its real `Host`.
 */
export function hasOwnMeaning(name: string): boolean {
  const key = aliasKey(name)
  return reserved.has(key) || (family.test(name) && !identities.has(key))
}

function keysOf(names: string): Set<string> {
  return new Set(names.trim().split(/\s+/).map(aliasKey))
}
