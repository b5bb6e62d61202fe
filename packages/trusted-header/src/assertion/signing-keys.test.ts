import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createAssertionVerifier } from './assertion-verifier.ts'
import {
  audience,
  createTestClock,
  issuer,
  makeKey,
  signToken,
  start,
  startLoginService,
} from './test-login-service.ts'
import type { TestKey } from './test-login-service.ts'

let key: TestKey
let next: TestKey
beforeAll(async () => {
  key = await makeKey('first')
  next = await makeKey('second')
})

const good = { claims: expect.objectContaining({ email: 'gran@home.example' }) as unknown }
const bad = { refused: 'bad_assertion' }
const unavailable = { refused: 'assertion_keys' }

async function setUp(options: Partial<Parameters<typeof createAssertionVerifier>[0]> = {}) {
  const service = await startLoginService(key)
  onTestFinished(service.close)
  const clock = createTestClock()
  const problems: string[] = []
  const keys = { jwksUrl: service.url }
  const onProblem = (problem: string) => problems.push(problem)
  const fixed = { keys, issuer, audience, algorithms: ['ES256'], clock, onProblem }
  const { verify } = createAssertionVerifier({ ...fixed, ...options })
  const exp = start / 1000 + 1_000_000
  const verifyFor = async (signer: TestKey, header = {}) => verify(await signToken(signer, { exp }, header))
  return { service, clock, problems, verify, verifyFor }
}

test('a household that arrives all at once costs the login service one question', async () => {
  const { service, verifyFor } = await setUp()
  expect(await Promise.all(Array.from({ length: 20 }, () => verifyFor(key)))).toEqual(
    Array.from({ length: 20 }, () => good),
  )
  expect(service.asked).toHaveLength(1)
})

test('made-up key ids cost the login service one question in 30 s, however many there are', async () => {
  const { service, clock, verifyFor } = await setUp()
  await verifyFor(key)
  const storm = async (name: string) => {
    for (let count = 0; count < 50; count += 1)
      expect(await verifyFor(key, { kid: `${name}-${count}` })).toEqual(bad)
  }
  await storm('a')
  expect(service.asked).toHaveLength(1)
  clock.advance(29)
  await storm('b')
  expect(service.asked).toHaveLength(1)
  clock.advance(1)
  await storm('c')
  expect(service.asked).toHaveLength(2)
  expect(await verifyFor(key)).toEqual(good)
})

test('a forged signature under a known key id costs the login service nothing', async () => {
  const { service, clock, verifyFor } = await setUp()
  await verifyFor(key)
  clock.advance(31)
  expect(await verifyFor(await makeKey('first'))).toEqual(bad)
  expect(service.asked).toHaveLength(1)
})

test('a clock that is set back keeps no key alive', async () => {
  const { service, clock, verify } = await setUp()
  const timeless = { iat: undefined, exp: start / 1000 + 1_000_000 }
  expect(await verify(await signToken(key, timeless))).toEqual(good)
  service.keys = [next]
  clock.advance(-3600)
  expect(await verify(await signToken(next, timeless))).toEqual(good)
  expect(await verify(await signToken(key, timeless))).toEqual(bad)
})

test('tokens stay remembered when the keys were looked at and are the same', async () => {
  const { service, clock, verify } = await setUp()
  const token = await signToken(key, { exp: start / 1000 + 1_000_000 })
  const first = await verify(token)
  clock.advance(200)
  await verify(token)
  await expect.poll(() => service.asked.length).toBe(2)
  const again = await verify(token)
  expect('claims' in first && 'claims' in again && first.claims === again.claims).toBe(true)
})

test('gran stays in when the login service changes its key', async () => {
  const { service, clock, verifyFor } = await setUp()
  await verifyFor(key)
  clock.advance(31)
  service.keys = [key, next]
  expect(await verifyFor(next)).toEqual(good)
  expect(await verifyFor(key)).toEqual(good)
  expect(service.asked).toHaveLength(2)
})

test('a new key without an id is found as well, and among several the one that fits', async () => {
  const { service, clock, verifyFor } = await setUp()
  const nameless = (one: TestKey) => ({ ...one, jwk: { ...one.jwk, kid: undefined } }) as unknown as TestKey
  service.keys = [nameless(key)]
  await verifyFor(key, { kid: undefined })
  clock.advance(31)
  service.keys = [nameless(key), nameless(next)]
  expect(await verifyFor(next, { kid: undefined })).toEqual(good)
  expect(await verifyFor(key, { kid: undefined })).toEqual(good)
  expect(await verifyFor(await makeKey('first'), { kid: undefined })).toEqual(bad)
})

test('a key that the login service took back lets nobody in after five minutes and a half', async () => {
  const { service, clock, verify } = await setUp()
  const token = await signToken(key, { exp: start / 1000 + 1_000_000 })
  expect(await verify(token)).toEqual(good)
  service.keys = [next]
  // Nobody comes for a while: the first who does is not let in by what was remembered.
  clock.advance(330)
  expect(await verify(token)).toEqual(bad)
})

test('a key that was taken back is missed in the background while people come', async () => {
  const { service, clock, verify } = await setUp()
  const token = await signToken(key, { exp: start / 1000 + 1_000_000 })
  await verify(token)
  service.keys = [next]
  clock.advance(181)
  // Is let in, and sends for the keys.
  expect(await verify(token)).toEqual(good)
  await expect.poll(() => service.asked.length).toBe(2)
  await expect.poll(() => verify(token)).toEqual(bad)
})

test('nobody waits for the keys while those that are known are young enough', async () => {
  const { service, clock, verifyFor } = await setUp()
  await verifyFor(key)
  service.answer = () => undefined
  clock.advance(200)
  expect(await verifyFor(key)).toEqual(good)
})

test('while the login service is down, its keys serve for a day', async () => {
  const { service, clock, problems, verifyFor } = await setUp()
  await verifyFor(key)
  service.answer = (response) => response.writeHead(503).end()
  clock.advance(3600 * 23)
  expect(await verifyFor(key)).toEqual(good)
  expect(await verifyFor(next)).toEqual(unavailable)
  expect(problems).toEqual([`The keys at ${service.url} cannot be read: the answer was 503, not 200`])
  clock.advance(3600 * 2)
  expect(await verifyFor(key)).toEqual(unavailable)
  service.answer = (response) => response.end(JSON.stringify({ keys: [key.jwk] }))
  clock.advance(30)
  expect(await verifyFor(key)).toEqual(good)
})

test('a login service that starts beside us is asked again after five seconds', async () => {
  const { service, clock, problems, verifyFor } = await setUp()
  const { answer } = service
  service.answer = (response) => response.destroy()
  expect(await verifyFor(key)).toEqual(unavailable)
  expect(await verifyFor(key)).toEqual(unavailable)
  expect(service.asked).toHaveLength(1)
  expect(problems).toEqual([expect.stringMatching(/fetch failed: .+/)])
  service.answer = answer
  clock.advance(5)
  expect(await verifyFor(key)).toEqual(good)
})

const endless = 'x'.repeat(1024 * 1024)

test.each([
  ['the answer is a redirect', 307, '', /the answer was (307|a redirect), not 200/],
  ['there is nothing', 404, 'Not found', /the answer was 404/],
  ['it is a page to sign in', 200, '<!doctype html>', /JSON/],
  ['it is another JSON', 200, '{"key":[]}', /JSON Web Key Set malformed/],
  ['it is empty', 200, '{"keys":[]}', /empty/],
  ['it is endless', 200, `{"keys":[],"x":"${endless}"}`, /longer than 1 MiB/],
])('nobody is let in when the keys cannot be read because %s', async (_, status, body, problem) => {
  const { service, problems, verifyFor } = await setUp()
  const evil = await startLoginService(key)
  onTestFinished(evil.close)
  service.answer = (response) => response.writeHead(status, { location: evil.url }).end(body)
  expect(await verifyFor(key)).toEqual(unavailable)
  expect(problems).toEqual([expect.stringMatching(problem)])
  expect(evil.asked).toEqual([])
})

test('a login service that does not answer is waited for 5 s', { timeout: 10_000 }, async () => {
  const { service, problems, verifyFor } = await setUp()
  service.answer = (response) => response.write('{"keys":')
  const began = performance.now()
  expect(await verifyFor(key)).toEqual(unavailable)
  expect(performance.now() - began).toBeGreaterThan(4500)
  expect(problems).toEqual([expect.stringContaining('no answer within 5 s')])
})

test('a broken key beside a good one does no harm', async () => {
  const { service, verifyFor } = await setUp()
  const broken = [
    { kty: 'EC', crv: 'P-256', kid: 'broken', x: 'AA', y: 'AA' },
    { kty: 'new', kid: 'first' },
  ]
  service.answer = (response) => response.end(JSON.stringify({ keys: [...broken, key.jwk] }))
  expect(await verifyFor(key)).toEqual(good)
  expect(await verifyFor(key, { kid: 'broken' })).toEqual(bad)
})

test('keys come from a file as well, and a change of it is seen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const jwksFile = join(folder, 'jwks.json')
  const { clock, problems, verifyFor } = await setUp({ keys: { jwksFile } })
  expect(await verifyFor(key)).toEqual(unavailable)
  expect(problems).toEqual([expect.stringMatching(/jwks\.json cannot be read: ENOENT/)])
  writeFileSync(jwksFile, JSON.stringify({ keys: [key.jwk] }))
  clock.advance(5)
  expect(await verifyFor(key)).toEqual(good)
  writeFileSync(jwksFile, JSON.stringify({ keys: [next.jwk] }))
  clock.advance(30)
  expect(await verifyFor(next)).toEqual(good)
  expect(await verifyFor(key)).toEqual(bad)
  writeFileSync(jwksFile, `{"keys":[],"x":"${endless}"}`)
  clock.advance(600)
  expect(await verifyFor(next)).toEqual(good)
  expect(problems.at(-1)).toMatch(/longer than 1 MiB/)
})
