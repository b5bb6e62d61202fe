import { createLocalJWKSet, errors, importSPKI } from 'jose'
import type { CryptoKey } from 'jose'
import { createKeyDocument, pause } from './key-document.ts'
import type { Clock, KeyDocument } from './key-document.ts'
import { download, readKeyFile } from './key-download.ts'
import type { Fetch } from './key-download.ts'
import type { KeySource } from '../key-source.ts'

/** Of a token's protected header, what chooses a key. Nothing else in it is believed. */
export type KeyChoice = { alg: string; kid: string | undefined }

/** The login service's public keys. */
export type SigningKeys = {
  /** Those that may have signed, none when none is known by that id. Undefined when keys cannot be had at all. */
  find(choice: KeyChoice): Promise<readonly CryptoKey[] | undefined>
  /** Looks for newer keys, at most once in 30 s. Tells whether there are any. */
  renew(choice: KeyChoice): Promise<boolean>
  /** Whether the last look failed. */
  hasFailed(choice: KeyChoice): boolean
  /** Looks for newer keys in the background if it is time to. */
  keepFresh(choice: KeyChoice): void
  /** Milliseconds since 1970 until which a key that was found may be believed without a new look. */
  freshUntil(choice: KeyChoice): number
  /** Changes whenever the keys do. */
  version(): number
}

type Ports = { clock: Clock; fetch: Fetch; onProblem: (reason: string) => void }

export function createSigningKeys(source: KeySource, ports: Ports): SigningKeys {
  return 'pemUrl' in source ? createPemKeys(source.pemUrl, ports) : createKeySet(source, ports)
}

/** Of keys without an id; each costs an attempt at a token's signature. */
const mostTried = 10

type KeySet = { text: string; candidates: (choice: KeyChoice) => Promise<readonly CryptoKey[]> }

function createKeySet(source: Exclude<KeySource, { pemUrl: string }>, ports: Ports): SigningKeys {
  let version = 0
  const where = 'jwksFile' in source ? source.jwksFile : source.jwksUrl
  const document = createKeyDocument<KeySet>({
    clock: ports.clock,
    onProblem: (reason) => ports.onProblem(`The keys at ${where} cannot be read: ${reason}`),
    async load(known) {
      const text = await ('jwksFile' in source ? readKeyFile(where) : download(where, ports.fetch))
      if (text === known?.text) return known
      const candidates = readKeySet(text)
      version += 1
      return { text, candidates }
    },
  })
  return {
    find: async (choice) => (await document.current())?.candidates(choice),
    renew: document.renew,
    hasFailed: document.hasFailed,
    keepFresh: document.keepFresh,
    freshUntil: document.freshUntil,
    version: () => version,
  }
}

/** @throws {Error} when it is no JSON Web Key Set, or an empty one */
function readKeySet(text: string): KeySet['candidates'] {
  const keySet = createLocalJWKSet(JSON.parse(text) as Parameters<typeof createLocalJWKSet>[0])
  if (keySet.jwks().keys.length === 0) throw new Error('the key set is empty')
  return async ({ alg, kid }) => {
    try {
      return [await keySet({ alg, ...(kid !== undefined && { kid }) })]
    } catch (error) {
      return error instanceof errors.JWKSMultipleMatchingKeys ? firstOf(error) : []
    }
  }
}

async function firstOf(keys: AsyncIterable<CryptoKey>): Promise<CryptoKey[]> {
  const found: CryptoKey[] = []
  for await (const key of keys) if (found.push(key) >= mostTried) break
  return found
}

/** A key's id becomes part of an address. */
const kidShape = /^[A-Za-z0-9-]{1,64}$/
const mostPemKeys = 8

type Pem = { text: string; keys: Map<string, Promise<CryptoKey>> }

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html */
function createPemKeys(url: string, { clock, fetch, onProblem }: Ports): SigningKeys {
  const documents = new Map<string, KeyDocument<Pem>>()
  let version = 0
  let newestAt = -Infinity
  let failed: string | undefined

  /** Each id is an address to fetch from, so made-up ones must not become a flood: a new one every 30 s. */
  function documentOf({ kid = '' }: KeyChoice): KeyDocument<Pem> | undefined {
    const known = documents.get(kid)
    if (known || !kidShape.test(kid) || Math.abs(clock.now().getTime() - newestAt) < pause) return known
    newestAt = clock.now().getTime()
    const [oldest] = documents.keys()
    if (documents.size >= mostPemKeys && oldest !== undefined) documents.delete(oldest)
    const document = createPemDocument(kid)
    documents.set(kid, document)
    return document
  }

  const createPemDocument = (kid: string) =>
    createKeyDocument<Pem>({
      clock,
      onProblem: (reason) => onProblem(`The key ${kid} cannot be read from ${url}: ${reason}`),
      async load(known) {
        const text = await download(url.replace('{kid}', kid), fetch).catch((error: unknown) => {
          failed = kid
          if (!known) documents.delete(kid)
          throw error
        })
        if (text === known?.text) return known
        version += 1
        return { text, keys: new Map() }
      },
    })

  return {
    async find(choice) {
      const document = documentOf(choice)
      const pem = await document?.current()
      if (!pem) return documents.size === 0 ? undefined : []
      const key = pem.keys.get(choice.alg) ?? importSPKI(pem.text, choice.alg)
      pem.keys.set(choice.alg, key)
      return key.then(
        (one) => [one],
        () => [],
      )
    },
    // An id never gets another key: what is not known was asked for just now.
    renew: async () => false,
    hasFailed: ({ kid = '' }) => documents.get(kid)?.hasFailed() ?? kid === failed,
    keepFresh: ({ kid = '' }) => documents.get(kid)?.keepFresh(),
    freshUntil: ({ kid = '' }) => documents.get(kid)?.freshUntil() ?? 0,
    version: () => version,
  }
}
