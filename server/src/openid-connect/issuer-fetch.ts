import { parseKeySource } from '@porchlight/trusted-header'
import type { CustomFetch } from 'openid-client'

/** Bytes. A description with hundreds of claims is a tenth of it. */
const mostBytes = 1024 * 1024

/**
 * Asks the issuer: by https, or by http on this machine and its own network; never where a redirect leads, and never for
 * more than a megabyte.
 */
export const issuerFetch: CustomFetch = async (url, options) => {
  const parsed = parseKeySource(url)
  if ('problem' in parsed) throw new TypeError(parsed.problem)
  const answer = await fetch(url, { ...options, body: options.body ?? null, redirect: 'manual' })
  const { status, headers } = answer
  const body = await readAll(answer)
  return new Response(body.byteLength === 0 ? null : body, { status, headers })
}

async function readAll(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let bytes = 0
  // The loop's end closes the connection.
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw new TypeError('The answer of the issuer is too long')
    parts.push(part)
  }
  return Uint8Array.from(Buffer.concat(parts))
}
