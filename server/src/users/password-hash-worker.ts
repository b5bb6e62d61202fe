import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'
import { argon2Hash, bcryptHash } from './known-hash.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet). */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

/** On Linux a thread has its own priority: this one yields to everything else the server does. */
setPriority(0, 19)

/**
 * After each hash the thread rests for this many times as long as it worked. A low priority alone does not do: two
 * threads of one core share its memory and caches, and a hash is made of both. It costs a lone person nothing.
 */
const rest = 2

parentPort?.on(
  'message',
  ({ id, password, stored }: { id: number; password: string; stored?: string | null }) => {
    const started = performance.now()
    const result = stored === undefined ? hash(password) : verify(password, stored)
    parentPort?.postMessage({ id, result })
    sleep((performance.now() - started) * rest)
  },
)

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

function hash(password: string): string {
  const salt = randomBytes(16)
  const parameters = `m=${cost.memory},t=${cost.passes},p=${cost.parallelism}`
  return `$argon2id$v=19$${parameters}$${unpadded(salt)}$${unpadded(derive(password, salt, cost))}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** Somebody unknown: the same work, then no. */
const nobody = hash(randomBytes(16).toString('hex'))

function verify(password: string, stored: string | null): boolean {
  if (stored !== null && bcryptHash.test(stored)) return compareSync(password, stored)
  const [, m, t, p, salt = '', tag = ''] = argon2Hash.exec(stored ?? nobody) ?? []
  if (!m) return false
  const expected = Buffer.from(tag, 'base64')
  const found = derive(password, Buffer.from(salt, 'base64'), {
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    tagLength: expected.length,
  })
  return timingSafeEqual(found, expected) && stored !== null
}

function derive(password: string, nonce: Buffer, parameters: typeof cost): Buffer {
  return argon2Sync('argon2id', { message: password.normalize('NFC'), nonce, ...parameters })
}
