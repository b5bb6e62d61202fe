import { expect, it } from 'vitest'
import { makeSecret, secretLines, secretName, withSecret } from './secret-value.ts'
import { wordsFor } from './value-words.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)

it('is made of 32 bytes of chance, and fits into any header', () => {
  const made = makeSecret(random)
  expect(made).toMatch(/^[\w-]{43}$/)
  expect(makeSecret(random)).not.toBe(made)
  expect(makeSecret((bytes) => bytes.fill(255))).toBe(`${'_'.repeat(42)}8`)
})

it('leaves the one before good, and no third', () => {
  expect(withSecret([], 'c')).toEqual(['c'])
  expect(withSecret(['a'], 'c')).toEqual(['a', 'c'])
  expect(withSecret(['a', 'b'], 'c')).toEqual(['b', 'c'])
})

it('is never shown again, neither in the form nor among the changes', () => {
  const plain = makeSecret(random)
  expect(secretName(plain)).not.toContain(plain.slice(0, 6))
  expect(
    wordsFor([`sha256:${'ab'.repeat(32)}`, plain], { path: 'trustedHeader.secret.values', kind: 'secret' }),
  ).toBe('sha256:abababab…, A new one, not saved yet')
})

it('comes with the line that makes the proxy send it', () => {
  const lines = secretLines('porchlight-secret', 'x')
  expect(lines.map(({ line }) => line)).toContain('header_up porchlight-secret "x"')
  expect(lines.every(({ line }) => line.includes('porchlight-secret') && line.includes('"x"'))).toBe(true)
})
