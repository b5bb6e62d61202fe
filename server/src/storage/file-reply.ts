import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StoredFile } from './storage.ts'
import { parseRange } from './byte-range.ts'

type Sending = {
  file: StoredFile
  mimeType: string
  /** Changes whenever the bytes do. */
  etag: string
  /** What the file is called when it is saved. */
  name: string
  /** Kept by no cache, not even the browser's own: what is shut away must not be shown from there. */
  secret?: boolean
}

/** Files do not change under their address; shared caches must not hold what is private. */
const cacheControl =
  'private, max-age=86400, no-transform, stale-while-revalidate=2592000, stale-if-error=2592000'

/** Below this, one read is cheaper than a stream. */
const readWhole = 512 * 1024

/** Answers with a file: whole, a range of it (206, 416), or nothing because the client has it (304). Knows HEAD. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, mimeType, etag, name, secret = false }: Sending,
): Promise<FastifyReply> {
  reply.headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': secret ? 'private, no-store' : cacheControl,
    'Content-Disposition': `inline; filename*=UTF-8''${encodeName(name)}`,
    // An SVG is a document that could run scripts as us when it is opened by itself.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    ETag: `"${etag}"`,
  })
  if (isKnown(request.headers['if-none-match'], etag)) {
    await file.close()
    return reply.status(304).send()
  }
  const range = rangeOf(request, etag, file.size)
  if (range === 'unsatisfiable') {
    await file.close()
    return reply.status(416).header('Content-Range', `bytes */${file.size}`).send()
  }
  reply.type(mimeType).status(range ? 206 : 200)
  if (range) reply.header('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  reply.header('Content-Length', range ? range.end - range.start + 1 : file.size)
  if (request.method === 'HEAD') {
    await file.close()
    return reply.send()
  }
  return reply.send(range || file.size > readWhole ? file.stream(range) : await file.read())
}

/** RFC 9110 section 13.1.2: a list of tags, compared weakly, or `*`. */
const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === `"${etag}"`)

/** With `If-Range` and another version here, the whole file is the answer. */
function rangeOf({ headers }: FastifyRequest, etag: string, size: number) {
  const ifRange = headers['if-range']
  return ifRange !== undefined && ifRange !== `"${etag}"` ? undefined : parseRange(headers.range, size)
}

/** RFC 8187: everything but its attribute characters, percent-encoded. Broken surrogates must not throw. */
const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
