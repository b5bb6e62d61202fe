import type { IncomingHttpHeaders } from 'node:http'

/** By which of its two names a request calls a shared link. */
export type ShareAddress = { key: string } | { slug: string }

/**
 * The shared link that a request names: the key before the slug, of each the header before the query, as Immich's
 * clients send them. One that comes twice or is no text is a link that nobody has, not none.
 */
export function shareAddressIn(request: {
  headers: IncomingHttpHeaders
  query: unknown
}): ShareAddress | undefined {
  const { headers } = request
  const query = request.query as Record<string, unknown>
  const key = textOf(headers['x-immich-share-key']) ?? textOf(query['key'])
  if (key !== undefined) return { key }
  const slug = textOf(headers['x-immich-share-slug']) ?? textOf(query['slug'])
  return slug === undefined ? undefined : { slug }
}

const nobodys = ''

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  return typeof value === 'string' ? value : nobodys
}
