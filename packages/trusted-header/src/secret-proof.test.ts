import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainSecret, isLiveSecret, parseSecret, secretDigest } from './secret-proof.ts'
import type { SecretProof } from './policy.ts'

const secret = 'correct-horse-battery-staple-0001'
const next = 'correct-horse-battery-staple-0002'
const hexOf = (text: string) => createHash('sha256').update(text).digest('hex')

function proof(...values: string[]): SecretProof {
  const parsed = parseSecret({ header: 'X-Proxy-Secret', values })
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.secret
}
const problemOf = (given: Parameters<typeof parseSecret>[0]) => {
  const parsed = parseSecret(given)
  return 'problem' in parsed ? parsed.problem : undefined
}

describe('an admin', () => {
  test('gives a secret, and its digest is all that is kept', () => {
    expect(proof(secret)).toEqual({ header: 'x-proxy-secret', digests: [hexOf(secret)] })
    expect(secretDigest(secret)).toBe(`sha256:${hexOf(secret)}`)
  })

  test('gives back the digest that was shown, in any case', () => {
    const digest = `sha256:${hexOf(secret)}`
    expect(proof(digest)).toEqual(proof(secret))
    expect(proof(digest.toUpperCase())).toEqual(proof(secret))
    expect(secretDigest(digest.toUpperCase())).toBe(digest)
  })

  test('gives a text that only ends like a digest, and it is a text', () => {
    const text = `x-sha256:${hexOf(secret)}`
    expect(secretDigest(text)).toBe(`sha256:${hexOf(text)}`)
  })

  test('has two values live while the proxy is given a new one, and the same twice is one', () => {
    expect(proof(secret, next).digests).toEqual([hexOf(secret), hexOf(next)])
    expect(proof(secret, secret).digests).toEqual([hexOf(secret)])
  })

  test.each([
    [{ header: 'x-proxy-secret', values: [] }, /one value, or two/],
    [{ header: 'x-proxy-secret', values: [secret, next, `${secret}3`] }, /one value, or two/],
    [{ header: 'x_proxy_secret', values: [secret] }, /only letters, digits and dashes/],
    [{ header: 'authorization', values: [secret] }, /meaning of its own/],
    [{ header: 'x-proxy-secret', values: [secret, 'short'] }, /at least 32 characters/],
  ])('is told what is wrong with %j', (given, problem) => {
    expect(problemOf(given)).toMatch(problem)
  })

  test.each([
    ['31 characters', 'x'.repeat(31), 'A shared secret has at least 32 characters'],
    ['1001 characters', 'x'.repeat(1001), 'A shared secret has at most 1000 characters'],
    ['a blank', `${secret} ${secret}`, 'A shared secret has only visible ASCII characters, no blanks'],
    ['a line break', `${secret}\n`, 'A shared secret has only visible ASCII characters, no blanks'],
    ['an umlaut', `${secret}ü`, 'A shared secret has only visible ASCII characters, no blanks'],
    ['half a digest', `sha256:${'0'.repeat(63)}`, 'A digest is written sha256: and 64 hexadecimal digits'],
    [
      'a digest too long',
      `sha256:${'0'.repeat(65)}`,
      'A digest is written sha256: and 64 hexadecimal digits',
    ],
    [
      'a digest of letters',
      `SHA256:${'g'.repeat(64)}`,
      'A digest is written sha256: and 64 hexadecimal digits',
    ],
  ])('may not take %s', (_, text, reason) => {
    expect(explainSecret(text)).toBe(reason)
    expect(secretDigest(text)).toBeUndefined()
  })

  test.each(['x'.repeat(32), 'x'.repeat(1000), `!${'~'.repeat(31)}`, `x-sha256:${'x'.repeat(32)}`])(
    'may take %s',
    (text) => {
      expect(explainSecret(text)).toBeUndefined()
    },
  )
})

describe('a request', () => {
  test('with a live value holds the secret, with the old or the new one', () => {
    expect(isLiveSecret(proof(secret), secret)).toBe(true)
    expect(isLiveSecret(proof(secret, next), secret)).toBe(true)
    expect(isLiveSecret(proof(secret, next), next)).toBe(true)
  })

  test.each([
    '',
    secret.slice(0, -1),
    `${secret}0`,
    secret.toUpperCase(),
    `${secret},${secret}`,
    ` ${secret}`,
    hexOf(secret),
    `sha256:${hexOf(secret)}`,
    `${secret.slice(0, -1)}\u0131`, // ends in the byte of the last character, were it cut to eight bits
  ])('with %j does not', (value) => {
    expect(isLiveSecret(proof(secret), value)).toBe(false)
  })

  test('holds nothing by a digest that is none', () => {
    for (const digest of ['', 'zz', hexOf(secret).slice(2), `${hexOf(secret)}00`])
      expect(isLiveSecret({ header: 'x', digests: [digest] }, secret)).toBe(false)
    expect(isLiveSecret({ header: 'x', digests: [] }, secret)).toBe(false)
  })

  test('holds exactly what was configured', () => {
    const text = fc.string({
      unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
      minLength: 32,
      maxLength: 64,
    })
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isLiveSecret(proof(one), one)).toBe(true)
        expect(isLiveSecret(proof(one), other)).toBe(one === other)
      }),
    )
  })
})
