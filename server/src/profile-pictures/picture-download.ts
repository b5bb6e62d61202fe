import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { askAt, type Answer, type Target } from './pinned-connection.ts'
import { isPublicAddress } from './public-address.ts'

/** How names are looked up and addresses asked; tests put their own here. */
export type Internet = {
  /** Every address of a host. */
  resolve(host: string): Promise<readonly string[]>
  ask(target: Target): Promise<Answer>
}

export const realInternet: Internet = {
  resolve: async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  ask: askAt,
}

const mostBytes = 5 * 1024 * 1024
const mostRedirects = 3
const redirects = new Set([301, 302, 303, 307, 308])

type Fetching = { internet: Internet; signal: AbortSignal }

/**
 * Fetches a picture from an address that somebody else wrote: by https only, from hosts of which every address is a public
 * one, and from the very address that was looked at. Each of at most three redirects is looked at in the same way.
 *
 * @throws {Error} with a reason that holds nothing of the URL
 */
export async function downloadPicture(address: string, { internet, signal }: Fetching): Promise<Buffer> {
  let url = URL.parse(address)
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await askSafely(url, { internet, signal })
    if (!redirects.has(answer.status)) return readPicture(answer)
    answer.discard()
    url = answer.location === undefined ? null : URL.parse(answer.location, url?.href)
  }
  throw new Error(`it redirects more than ${mostRedirects} times`)
}

async function askSafely(url: URL | null, { internet, signal }: Fetching): Promise<Answer> {
  if (url?.protocol !== 'https:') throw new Error('it is no https address')
  if (url.username !== '' || url.password !== '') throw new Error('there is a user name in the address')
  // The URL standard has brought `2130706433`, `0x7f.1` and the like to the form that an address has.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await unlessAborted(internet.resolve(host), signal) : [host]
  const [first] = addresses
  if (first === undefined) throw new Error('its host has no address')
  // All of them: a name with one public and one private address is a trap, or soon another one.
  if (!addresses.every(isPublicAddress)) throw new Error('its host is not on the public internet')
  return internet.ask({ url, address: first, signal })
}

async function readPicture(answer: Answer): Promise<Buffer> {
  if (answer.status !== 200) {
    answer.discard()
    throw new Error(`the answer was ${answer.status}, not 200`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Error(`it is larger than ${mostBytes / 1024 / 1024} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A name server that does not answer cannot be called off, but need not be waited for. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason as Error)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop))
}
