import { expect, test } from 'vitest'
import { cleanDetails, cleanText } from './audit-text.ts'

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImdyYW5AaG9tZS5leGFtcGxlIn0.c2lnbmF0dXJl'
const key = 'Zk3vQ9xJ7pLw2mN8rT4yB6cD1fG5hK0sA9uE3iO7qW'

test.each([
  ['gran@home.example', 'gran@home.example'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['line\r\n{"level":60}', 'line {"level":60}'],
  ['\u202Egro.live\u0000', ' gro.live '],
  [`Bearer ${jwt}`, 'Bearer [secret]'],
  [`${key}@home.example`, '[secret]@home.example'],
  ['x'.repeat(300), 'x'.repeat(254)],
  ['\uD800', ' '],
])('%j is kept as %j', (text, kept) => {
  expect(cleanText(text)).toBe(kept)
})

test('names of people and settings stay as they are', () => {
  const details = {
    before: { headers: { email: 'remote-email' }, networks: ['10.3.3.0/24'], autoRegister: true },
    after: { groups: ['family', 'Großeltern'], quota: 1024, nothing: null },
  }
  expect(JSON.parse(cleanDetails(details) ?? '')).toEqual(details)
})

test('what sounds like a secret is masked, what only names it stays', () => {
  const details = {
    secret: { header: 'x-proxy-secret', values: ['correct horse battery'] },
    password: 'apple cake recipe',
    apiKeyId: 'a1',
    id: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    apiKey: 'short',
    passwordLogin: { enabled: true },
    assertion: { header: 'x-jwt', jwksUrl: 'https://login.home.example/jwks' },
    note: `it was ${jwt}`,
  }
  expect(JSON.parse(cleanDetails(details) ?? '')).toEqual({
    ...details,
    secret: { header: 'x-proxy-secret', values: ['[secret]'] },
    password: '[secret]',
    apiKey: '[secret]',
    note: 'it was [secret]',
  })
})

test('details of any size and shape become a little text', () => {
  const circle: Record<string, unknown> = { name: 'gran' }
  circle['self'] = circle
  const wide = { list: Array.from({ length: 100_000 }, (_, index) => `value ${index}`) }
  const long = { text: '\u0001\\"'.repeat(1_000_000), other: 'x'.repeat(1_000_000) }
  for (const details of [circle, wide, long, { wide, long, circle }])
    expect(cleanDetails(details)?.length).toBeLessThanOrEqual(4000)
  expect(cleanDetails({})).toBeUndefined()
  expect(cleanDetails({ run: () => 1, nothing: undefined, big: 1n })).toBeUndefined()
  expect(cleanDetails(undefined)).toBeUndefined()
})
