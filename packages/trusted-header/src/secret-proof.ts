import { hash, timingSafeEqual } from 'node:crypto'
import { explainHeaderName, parseHeaderName } from './header-names.ts'
import type { SecretProof } from './policy.ts'

const shortest = 32
const longest = 1000

/** The new value and the one it replaces: more are secrets that nobody took out. */
const mostLive = 2

const digestForm = /^sha256:(?<hex>[0-9a-f]{64})$/i

/**
 * Reads a shared secret: the header that carries it, and one or two live values (two while the proxy is given a new one),
 * each as plain text or as what `secretDigest` made of it. The text itself is not kept.
 */
export function parseSecret(given: {
  header: string
  values: readonly string[]
}): { secret: SecretProof } | { problem: string } {
  const header = parseHeaderName(given.header)
  if (header === undefined) return { problem: explainHeaderName(given.header) ?? 'Not a header name' }
  if (given.values.length === 0 || given.values.length > mostLive)
    return { problem: 'A shared secret has one value, or two while the proxy is given a new one' }
  const problem = given.values.map(explainSecret).find((found) => found !== undefined)
  if (problem !== undefined) return { problem }
  return { secret: { header, digests: [...new Set(given.values.map(hexOf))] } }
}

/** What may be stored and shown in place of a secret, `sha256:<64 hex digits>`, or undefined when it may not be one. */
export function secretDigest(text: string): string | undefined {
  return explainSecret(text) === undefined ? `sha256:${hexOf(text)}` : undefined
}

/** Says why a text may not be a shared secret, or undefined when it may. Holds nothing of the text. */
export function explainSecret(text: string): string | undefined {
  if (digestForm.test(text)) return undefined
  if (/^sha256:/i.test(text)) return 'A digest is written sha256: and 64 hexadecimal digits'
  if (text.length < shortest) return `A shared secret has at least ${shortest} characters`
  if (text.length > longest) return `A shared secret has at most ${longest} characters`
  return /^[!-~]+$/.test(text) ? undefined : 'A shared secret has only visible ASCII characters, no blanks'
}

/**
 * Tells whether a header value is one of the live secrets. Digests are compared, and all of them, in constant time: how
 * long it takes says nothing of how much was right.
 */
export function isLiveSecret({ digests }: SecretProof, value: string): boolean {
  const given = hash('sha256', value, 'buffer')
  let holds = false
  for (const digest of digests) {
    const live = Buffer.from(digest, 'hex')
    if (live.length === given.length && timingSafeEqual(live, given)) holds = true
  }
  return holds
}

/** A text that has the form of a digest is one: the digest itself, sent as a secret, is worth nothing. */
function hexOf(text: string): string {
  return digestForm.exec(text)?.groups?.['hex']?.toLowerCase() ?? hash('sha256', text, 'hex')
}
