import { argon2Sync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { afterEach, expect, test, vi } from 'vitest'
import { createPasswordHashes } from './password-hash.ts'

/** The thread yields to everything else, so on a busy machine it may take its time. */
vi.setConfig({ testTimeout: 30_000 })

const passwords = createPasswordHashes()
afterEach(() => passwords.close())

const phc = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

test('a password is kept as argon2id with a salt of its own', async () => {
  const [one, other] = await Promise.all([passwords.hash('apple cake'), passwords.hash('apple cake')])
  expect(one).toMatch(phc)
  expect(one).not.toBe(other)
  const [, salt = '', tag = ''] = phc.exec(one) ?? []
  const again = argon2Sync('argon2id', {
    message: 'apple cake',
    nonce: Buffer.from(salt, 'base64'),
    memory: 19_456,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  })
  expect(again.toString('base64').replace(/=+$/, '')).toBe(tag)
})

test('only the very password lets gran in', async () => {
  const stored = await passwords.hash('apple cake recipe')
  expect(await passwords.verify('apple cake recipe', stored)).toBe(true)
  for (const wrong of ['', 'apple cake', 'Apple cake recipe', 'apple cake recipe ', 'apple cake recipe\0']) {
    expect([wrong, await passwords.verify(wrong, stored)]).toEqual([wrong, false])
  }
})

test('a hash by bcrypt, as Immich keeps it, lets the same password in and no other', async () => {
  for (const kind of ['$2a$', '$2b$']) {
    const stored = hashSync('apple cake recipe', 4).replace('$2b$', kind)
    expect(await passwords.verify('apple cake recipe', stored)).toBe(true)
    expect(await passwords.verify('apple cake', stored)).toBe(false)
    expect(passwords.isOutdated(stored)).toBe(true)
  }
  expect(passwords.isOutdated(await passwords.hash('apple cake'))).toBe(false)
})

test('a hash that would keep the thread busy for minutes matches nothing', async () => {
  const stored = hashSync('apple cake', 4).replace('$04$', '$31$')
  expect(await passwords.verify('apple cake', stored)).toBe(false)
})

test('an accent typed on another keyboard is the same accent', async () => {
  const stored = await passwords.hash('caf\u00e9 au lait')
  expect(await passwords.verify('cafe\u0301 au lait', stored)).toBe(true)
})

test.each([null, '', 'plain text', '$2b$10$abcdefghijklmnopqrstuv', '$argon2id$v=19$m=19456,t=2,p=1$$'])(
  'nothing matches a stored %j',
  async (stored) => {
    expect(await passwords.verify('apple cake', stored)).toBe(false)
  },
)

test('a try for somebody unknown takes as long as one for gran', async () => {
  const stored = await passwords.hash('apple cake')
  const timeOf = async (known: string | null) => {
    const started = performance.now()
    await passwords.verify('wrong', known)
    return performance.now() - started
  }
  const ratios = []
  // One after the other, so that whatever else this machine does slows both alike.
  for (let round = 0; round < 9; round++) ratios.push((await timeOf(null)) / (await timeOf(stored)))
  const median = ratios.sort((a, b) => a - b)[4]
  expect(median).toBeGreaterThan(0.5)
  expect(median).toBeLessThan(2)
})

test('more tries than a household makes are turned away at once, the others are answered', async () => {
  const tries = Array.from({ length: 258 }, () => passwords.verify('guess', ''))
  const answers = await Promise.allSettled(tries)
  const away = answers.filter((answer) => answer.status === 'rejected')
  expect(away.map(({ reason }) => reason as unknown)).toEqual(
    Array.from({ length: 2 }, () => expect.objectContaining({ status: 429, code: 'too_many_sign_ins' })),
  )
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(256)
  expect(await passwords.verify('guess', '')).toBe(false)
})

test('when the thread dies of a broken hash, the question fails and the next one is answered', async () => {
  const broken = '$argon2id$v=19$m=1,t=0,p=1$c2FsdHNhbHQ$dGFn'
  await expect(passwords.verify('apple cake', broken)).rejects.toThrow(/.+/)
  const stored = await passwords.hash('apple cake')
  expect(await passwords.verify('apple cake', stored)).toBe(true)
})

test('when the server ends, nobody waits for an answer for ever', async () => {
  const answer = passwords.hash('apple cake').then(
    () => 'hashed',
    () => 'failed',
  )
  await passwords.close()
  expect(await answer).toBe('failed')
})
