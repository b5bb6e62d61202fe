import { shareAddressIn, type ShareAddress } from '../sharing/sharing.ts'
import type { RequestView } from './request-view.ts'
import { sessionCookie } from './sign-in-cookies.ts'

/** What a client sent on purpose: it decides alone, and a bad one is never passed over. */
export type ExplicitCredential =
  | { kind: 'shared-link'; address: ShareAddress }
  | { kind: 'session-token'; token: string }
  | { kind: 'api-key'; secret: string }

/** The first explicit credential in Immich's order; header before query. Schemes other than Bearer are not ours. */
export function explicitCredential(
  request: Pick<RequestView, 'headers' | 'query'>,
): ExplicitCredential | undefined {
  const query = request.query as Record<string, unknown>
  const header = (name: string) => textOf(request.headers[name])

  const address = shareAddressIn(request)
  if (address) return { kind: 'shared-link', address }

  const token =
    header('x-immich-user-token') ??
    header('x-immich-session-token') ??
    textOf(query.sessionKey) ??
    bearerToken(request.headers.authorization)
  if (token !== undefined) return { kind: 'session-token', token }

  const secret = header('x-api-key') ?? textOf(query.apiKey)
  return secret === undefined ? undefined : { kind: 'api-key', secret }
}

const credentialHeaders = [
  'x-immich-share-key',
  'x-immich-share-slug',
  'x-immich-user-token',
  'x-immich-session-token',
  'x-api-key',
]

/**
 * Whether a proxy may have let a request past its portal for a credential of ours. Proxies see the form of one and cannot
 * know whether it holds, and each reads empty headers and odd queries in its own way; so anything of the kind counts.
 */
export const maySkipPortal = ({ headers, url }: Pick<RequestView, 'headers' | 'url'>): boolean =>
  url.includes('?') ||
  credentialHeaders.some((name) => headers[name] !== undefined) ||
  bearerToken(headers.authorization) !== undefined

export const cookieToken = (request: Pick<RequestView, 'cookies'>): string | undefined =>
  textOf(request.cookies[sessionCookie])

/** What no secret can be: a credential of a wrong form is a bad one, not none. */
const malformed = ''

/** RFC 6750, section 2.1. */
function bearerToken(header: string | undefined): string | undefined {
  if (!/^bearer( |$)/i.test(header ?? '')) return undefined
  return /^bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1] ?? malformed
}

/** An empty value is none, as for Immich's clients; one that comes twice is malformed. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  return typeof value === 'string' ? value : malformed
}
