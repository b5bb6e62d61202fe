import { open } from 'node:fs/promises'

/** A function like the global `fetch`. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>

/** Key sets are a few kilobytes. */
const mostBytes = 1024 * 1024
const patienceMs = 5000

/**
 * Fetches a text of at most 1 MiB within 5 s. Redirects are not followed: they would lead away from the pinned address.
 *
 * @throws {Error} with a reason for the admin
 */
export async function download(url: string, fetchIt: Fetch): Promise<string> {
  const signal = AbortSignal.timeout(patienceMs)
  try {
    const response = await fetchIt(url, {
      signal,
      redirect: 'manual',
      headers: { accept: 'application/json, application/jwk-set+json, */*' },
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`the answer was ${response.status || 'a redirect'}, not 200`)
    }
    return await readText(response)
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${patienceMs / 1000} s`, { cause: error }) : error
  }
}

/** @throws {Error} when there is no such file, or it is too long */
export async function readKeyFile(path: string): Promise<string> {
  const file = await open(path)
  try {
    if ((await file.stat()).size > mostBytes) throw tooLong()
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop by a throw cancels the rest.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const tooLong = () => new Error('it is longer than 1 MiB')
