import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP } from 'node:net'

/** What to ask, and the very address to ask: its name is not looked up again. */
export type Target = { url: URL; address: string; signal: AbortSignal }

export type Answer = {
  status: number
  location: string | undefined
  /** Must be read to its end or left by a throw; `discard` otherwise. */
  body: AsyncIterable<Uint8Array>
  discard(): void
}

/**
 * Asks for a page by TLS at one address, by a connection of its own. The certificate must be good for the name in the URL. No
 * cookies, no credentials, nothing of the household.
 */
export async function askAt({ url, address, signal }: Target): Promise<Answer> {
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const asked = request({
    host: address,
    port: url.port === '' ? 443 : Number(url.port),
    path: `${url.pathname}${url.search}`,
    // An address is no name for SNI (RFC 6066 section 3); the certificate is checked against it all the same.
    servername: isIP(name) === 0 ? name : '',
    headers: { host: url.host, accept: 'image/*', 'user-agent': 'Porchlight' },
    agent: false,
    signal,
  })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return {
    status: answer.statusCode ?? 0,
    location: answer.headers.location,
    body: answer as AsyncIterable<Uint8Array>,
    discard: () => void answer.destroy(),
  }
}
