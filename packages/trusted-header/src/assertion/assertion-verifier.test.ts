import { createHmac } from 'node:crypto'
import { SignJWT, exportSPKI } from 'jose'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createAssertionVerifier } from './assertion-verifier.ts'
import {
  audience,
  createTestClock,
  encode,
  issuer,
  makeKey,
  signToken,
  start,
  startLoginService,
} from './test-login-service.ts'
import type { TestKey } from './test-login-service.ts'

const now = start / 1000
let key: TestKey
let stranger: TestKey
beforeAll(async () => {
  key = await makeKey()
  stranger = await makeKey()
})

type Options = Partial<Parameters<typeof createAssertionVerifier>[0]>

async function setUp(options: Options = {}) {
  const service = await startLoginService(key)
  onTestFinished(service.close)
  const clock = createTestClock()
  const problems: string[] = []
  const verifier = createAssertionVerifier({
    keys: { jwksUrl: service.url },
    issuer,
    audience,
    algorithms: ['ES256'],
    clock,
    onProblem: (problem) => problems.push(problem),
    ...options,
  })
  return { service, clock, problems, verify: verifier.verify }
}

test('gran is vouched for by a token of the pinned login service', async () => {
  const { verify } = await setUp()
  const claims = { sub: '7', name: 'Gran', groups: ['family'] }
  expect(await verify(await signToken(key, claims))).toEqual({
    claims: expect.objectContaining({ ...claims, email: 'gran@home.example' }),
  })
})

test.each([
  ['for us among others', { aud: ['else', 'porchlight'] }, {}],
  ['without the time it was made', { iat: undefined }, {}],
  ['that ended within the minute that clocks may differ', { exp: now - 59 }, {}],
  ['that begins within that minute', { nbf: now + 60, iat: now + 60 }, {}],
  ['without a type', {}, { typ: undefined }],
  ['whose type is written in full', {}, { typ: 'application/jwt' }],
  ['without the id of its key, while there is one key', {}, { kid: undefined }],
])('a token is believed %s', async (_, claims, header) => {
  const { verify } = await setUp()
  expect(await verify(await signToken(key, claims, header))).toHaveProperty('claims')
})

test.each([
  ['for somebody else', { aud: 'else' }, {}],
  ['for a name that begins as ours', { aud: 'porchlight2' }, {}],
  ['for nobody in particular', { aud: undefined }, {}],
  ['for a list that is no list of texts', { aud: [['porchlight']] }, {}],
  ['of another login service', { iss: 'https://auth.evil.example' }, {}],
  ['of ours, but for a slash', { iss: `${issuer}/` }, {}],
  ['of nobody', { iss: undefined }, {}],
  ['without an end', { exp: undefined }, {}],
  ['whose end is a text', { exp: String(now + 60) }, {}],
  ['that is an access token', {}, { typ: 'at+jwt' }],
  ['that is an order to sign out', {}, { typ: 'logout+jwt' }],
  ['whose type is no text', {}, { typ: ['JWT'] }],
  ['whose key id is no text', {}, { kid: 7 }],
])('a token %s is bad', async (_, claims, header) => {
  const { verify } = await setUp()
  expect(await verify(await signToken(key, claims, header))).toEqual({ refused: 'bad_assertion' })
})

test.each([
  ['that has ended', { exp: now - 60 }],
  ['that begins later', { nbf: now + 61 }],
  ['that was made in the future', { iat: now + 61 }],
])('a token %s is out of its time', async (_, claims) => {
  const { verify } = await setUp()
  expect(await verify(await signToken(key, claims))).toEqual({ refused: 'assertion_expired' })
})

test('a token of somebody with a key of the same name is bad', async () => {
  const { verify } = await setUp()
  expect(await verify(await signToken(stranger))).toEqual({ refused: 'bad_assertion' })
})

test('a token is bad once a single character of it is another', async () => {
  const { verify } = await setUp()
  const token = await signToken(key)
  const outcomes = new Set<string>()
  for (let place = 0; place < token.length - 1; place += 1) {
    const other = token[place] === 'A' ? 'B' : 'A'
    outcomes.add(JSON.stringify(await verify(token.slice(0, place) + other + token.slice(place + 1))))
  }
  expect([...outcomes]).toEqual(['{"refused":"bad_assertion"}'])
})

test('claims that were exchanged under a good signature are bad', async () => {
  const { verify } = await setUp()
  const [header = '', claims = '', signature = ''] = (await signToken(key)).split('.')
  const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  const forged = encode({ ...decoded, email: 'admin@home.example' })
  expect(await verify([header, forged, signature].join('.'))).toEqual({ refused: 'bad_assertion' })
})

const goodClaims = () => encode({ iss: issuer, aud: audience, exp: now + 60, email: 'gran@home.example' })

test.each(['none', 'None', 'NONE', ''])('a token that says "alg": "%s" is bad', async (alg) => {
  const { verify } = await setUp()
  for (const signature of ['', 'AA'])
    expect(await verify(`${encode({ alg })}.${goodClaims()}.${signature}`)).toEqual({
      refused: 'bad_assertion',
    })
})

test('a token that is signed with the public key for a secret is bad', async () => {
  const { verify } = await setUp()
  const secrets = [
    await exportSPKI(key.publicKey),
    JSON.stringify(key.jwk),
    JSON.stringify({ keys: [key.jwk] }),
  ]
  for (const secret of secrets) {
    const input = `${encode({ alg: 'HS256', kid: key.kid })}.${goodClaims()}`
    const signature = createHmac('sha256', secret).update(input).digest('base64url')
    expect(await verify(`${input}.${signature}`)).toEqual({ refused: 'bad_assertion' })
  }
})

test('a secret among the published keys signs nothing', async () => {
  const { service, verify } = await setUp()
  const secret = Buffer.alloc(32, 7)
  const jwk = { kty: 'oct', k: secret.toString('base64url'), kid: 'oct', alg: 'HS256' }
  service.answer = (response) => response.end(JSON.stringify({ keys: [jwk, key.jwk] }))
  const token = await new SignJWT({ email: 'gran@home.example' })
    .setProtectedHeader({ alg: 'HS256', kid: 'oct' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(now + 60)
    .sign(secret)
  expect(await verify(token)).toEqual({ refused: 'bad_assertion' })
})

test('a good token by a way of signing that is not pinned is bad', async () => {
  const rsa = await makeKey('rsa', 'RS256')
  const { service, verify } = await setUp()
  service.keys = [key, rsa]
  expect(await verify(await signToken(rsa))).toEqual({ refused: 'bad_assertion' })
  const wider = await setUp({ algorithms: ['ES256', 'RS256'] })
  wider.service.keys = [key, rsa]
  expect(await wider.verify(await signToken(rsa))).toHaveProperty('claims')
})

test.each(['jku', 'x5u'])('a token does not say by %s where its keys are', async (field) => {
  const { verify } = await setUp()
  const evil = await startLoginService(stranger)
  onTestFinished(evil.close)
  expect(await verify(await signToken(stranger, {}, { [field]: evil.url }))).toEqual({
    refused: 'bad_assertion',
  })
  expect(evil.asked).toEqual([])
  // A good token may have the field; nobody looks at it.
  expect(await verify(await signToken(key, {}, { [field]: evil.url }))).toHaveProperty('claims')
  expect(evil.asked).toEqual([])
})

test('a token does not bring its own key', async () => {
  const { verify } = await setUp()
  for (const header of [{ jwk: stranger.jwk }, { jwk: stranger.jwk, kid: undefined }])
    expect(await verify(await signToken(stranger, {}, header))).toEqual({ refused: 'bad_assertion' })
})

test('a token with an extension that must be understood is bad', async () => {
  const { verify } = await setUp()
  const header = encode({ alg: 'ES256', kid: key.kid, crit: ['exp'], exp: 1 })
  const token = (await signToken(key)).replace(/^[^.]+/, header)
  expect(await verify(token)).toEqual({ refused: 'bad_assertion' })
  const unencoded = await signToken(key, {}, { b64: true, crit: ['b64'] })
  expect(await verify(unencoded)).toEqual({ refused: 'bad_assertion' })
})

test.each([
  ['nothing', ''],
  ['a word', 'gran@home.example'],
  ['dots', '..'],
  ['two parts', 'e30.e30'],
  ['five parts, as of an encrypted token', 'e30.e30.e30.e30.e30'],
  ['blanks around', ' e30.e30.e30 '],
  ['a header that is no JSON', 'AAAA.e30.AAAA'],
  ['a header that is a list', `${encode([])}.e30.AAAA`],
  ['a header that is null', `${encode(null)}.e30.AAAA`],
  ['a header without anything', 'e30.e30.AAAA'],
  ['letters beyond ASCII', 'é30.e30.AAAA'],
  ['no text at all', undefined as unknown as string],
  ['an object', {} as unknown as string],
])('%s instead of a token is bad', async (_, token) => {
  const { verify, service } = await setUp()
  expect(await verify(token)).toEqual({ refused: 'bad_assertion' })
  expect(service.asked).toEqual([])
})

test('claims that are not an object are bad', async () => {
  const { verify } = await setUp()
  const { CompactSign } = await import('jose')
  for (const claims of ['null', '[]', '"gran"', '{', '\xff']) {
    const token = await new CompactSign(Buffer.from(claims, 'latin1'))
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .sign(key.privateKey)
    expect(await verify(token)).toEqual({ refused: 'bad_assertion' })
  }
})

test('a token has at most 16 kB', async () => {
  const { verify } = await setUp()
  const fits = await signToken(key, { note: 'x'.repeat(11_900) })
  expect(fits.length).toBeLessThanOrEqual(16 * 1024)
  expect(await verify(fits)).toHaveProperty('claims')
  const huge = await signToken(key, { note: 'x'.repeat(12_200) })
  expect(huge.length).toBeGreaterThan(16 * 1024)
  expect(await verify(huge)).toEqual({ refused: 'bad_assertion' })
})

test('padding belongs to no token but a load balancer’s', async () => {
  const { verify } = await setUp()
  const token = await signToken(key)
  expect(await verify(`${token}==`)).toEqual({ refused: 'bad_assertion' })
})

test('either of two audiences will do', async () => {
  const { verify } = await setUp({ audience: ['photos', 'films'] })
  for (const aud of ['photos', 'films', ['else', 'films']])
    expect(await verify(await signToken(key, { aud }))).toHaveProperty('claims')
  expect(await verify(await signToken(key, { aud: 'music' }))).toEqual({ refused: 'bad_assertion' })
})

test('nobody changes what a token says for the next request', async () => {
  const { verify } = await setUp()
  const token = await signToken(key, { groups: ['family'] })
  for (let round = 0; round < 2; round += 1) {
    const found = await verify(token)
    const claims = 'claims' in found ? found.claims : {}
    expect(() => Object.assign(claims, { email: 'admin@home.example' })).toThrow(TypeError)
    expect(() => (claims['groups'] as string[]).push('admins')).toThrow(TypeError)
  }
})

test('a page of pictures costs one signature check', async () => {
  const { verify, clock } = await setUp()
  const token = await signToken(key)
  const first = await verify(token)
  for (let request = 0; request < 50; request += 1) {
    const again = await verify(token)
    // The very same object: nothing was read again.
    expect('claims' in again && 'claims' in first && again.claims === first.claims).toBe(true)
  }
  clock.advance(331)
  expect(await verify(await signToken(key, { exp: now + 600 }))).toHaveProperty('claims')
})

test('a token that is remembered ends when it ends', async () => {
  const { verify, clock } = await setUp()
  const token = await signToken(key, { exp: now + 100 })
  expect(await verify(token)).toHaveProperty('claims')
  clock.advance(159)
  expect(await verify(token)).toHaveProperty('claims')
  clock.advance(1)
  expect(await verify(token)).toEqual({ refused: 'assertion_expired' })
})

test.each([
  ['a secret algorithm', { algorithms: ['HS256'] }, /HS256 may not sign/],
  ['no algorithm', { algorithms: [] }, /algorithm/],
  ['none', { algorithms: ['none'] }, /none may not sign/],
  ['no issuer', { issuer: '' }, /issuer/],
  ['no audience', { audience: '' }, /audience/],
  ['an empty list of audiences', { audience: [] }, /audience/],
  ['keys by http from afar', { keys: { jwksUrl: 'http://auth.example.com/jwks' } }, /http:\/\//],
])('nobody can be let in by %s: there is no verifier', async (_, options, message) => {
  await expect(setUp(options)).rejects.toThrow(message)
})
