import { createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { exportPKCS8, exportSPKI } from 'jose'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { decide, findAssertion } from '../decide.ts'
import { parseNetworks } from '../networks.ts'
import { presets } from '../presets.ts'
import { createAssertionVerifier } from './assertion-verifier.ts'
import { createTestClock, makeKey, start, startLoginService } from './test-login-service.ts'
import type { TestKey } from './test-login-service.ts'

const arn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/home/50dc6c495c0c9188'
const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_home'
const kid = 'd7b1bd29-2b5c-4a31-8b52-d0d0c5c1b2a3'
const now = start / 1000
const good = { claims: expect.objectContaining({ email: 'gran@home.example' }) as unknown }
const bad = { refused: 'bad_assertion' }

let key: TestKey
let signingKey: KeyObject
let pem: string
beforeAll(async () => {
  key = await makeKey(kid)
  signingKey = createPrivateKey(await exportPKCS8(key.privateKey))
  pem = await exportSPKI(key.publicKey)
})

/** As a load balancer writes it: every part with its padding, which is signed too. */
function signPadded(header: Record<string, unknown> = {}, claims: Record<string, unknown> = {}): string {
  const pad = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '=')
  const write = (value: unknown) => pad(Buffer.from(JSON.stringify(value)).toString('base64url'))
  const fields = {
    typ: 'JWT',
    kid,
    alg: 'ES256',
    iss: issuer,
    client: 'photos2',
    signer: arn,
    exp: now + 120,
  }
  const all = { sub: '7-7-77', email: 'gran@home.example', exp: now + 120, iss: issuer }
  const input = `${write({ ...fields, ...header })}.${write({ ...all, ...claims })}`
  const signature = sign('sha256', Buffer.from(input), { key: signingKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${pad(signature.toString('base64url'))}`
}

async function setUp(audience: string | string[] = arn) {
  const service = await startLoginService()
  onTestFinished(service.close)
  service.answer = (response) =>
    service.asked.at(-1) === `/${kid}` ? response.end(pem) : response.writeHead(404).end()
  const clock = createTestClock()
  const problems: string[] = []
  const verifier = createAssertionVerifier({
    keys: { pemUrl: service.url.replace('jwks.json', '{kid}') },
    issuer,
    audience,
    algorithms: ['ES256'],
    clock,
    onProblem: (problem) => problems.push(problem),
  })
  return { ...verifier, service, clock, problems }
}

test('gran is vouched for by our load balancer, padding and all', async () => {
  const { verify, service } = await setUp()
  const token = signPadded()
  expect(token).toMatch(/=\..*=\..*=$/)
  expect(await verify(token)).toEqual(good)
  expect(await verify(signPadded({}, { sub: '8' }))).toEqual(good)
  expect(service.asked).toEqual([`/${kid}`])
})

test('the preset reads what a load balancer says of gran', async () => {
  const { verify } = await setUp()
  const preset = presets.find(({ name }) => name === 'aws-alb')
  const parsed = parseNetworks('')
  if (!preset?.assertion || !('networks' in parsed)) throw new Error('the preset is gone')
  const { headers, assertion } = preset
  const policy = { enabled: true, networks: parsed.networks, headers, assertion }
  const token = signPadded(
    {},
    { name: 'Gran', picture: 'https://pics.example/gran.jpg', email_verified: 'true' },
  )
  const rawHeaders = ['x-amzn-oidc-accesstoken', 'x', 'x-amzn-oidc-identity', '7', 'x-amzn-oidc-data', token]
  const arrival = { peer: '10.0.0.1', rawHeaders }
  expect(findAssertion(policy, arrival)).toBe(token)
  expect(decide(policy, { ...arrival, assertion: await verify(token) })).toEqual({
    identity: {
      email: 'gran@home.example',
      id: '7-7-77',
      name: 'Gran',
      picture: 'https://pics.example/gran.jpg',
    },
  })
})

test.each([
  ['somebody else’s load balancer', { signer: arn.replace('1234', '9999') }, {}],
  ['no load balancer', { signer: undefined }, {}],
  ['a list of load balancers', { signer: [arn] }, {}],
  ['another login service', {}, { iss: 'https://accounts.example' }],
  ['nobody’s login', {}, { iss: undefined }],
])('%s vouches for nobody', async (_, header, claims) => {
  const { verify } = await setUp()
  expect(await verify(signPadded(header, claims))).toEqual(bad)
})

test('a load balancer’s word ends too', async () => {
  const { verify } = await setUp()
  expect(await verify(signPadded({}, { exp: now - 61 }))).toEqual({ refused: 'assertion_expired' })
  expect(await verify(signPadded({}, { exp: undefined }))).toEqual(bad)
})

test('the client id counts where it is pinned beside the load balancer', async () => {
  const { verify } = await setUp([arn, 'photos2', 'films'])
  expect(await verify(signPadded())).toEqual(good)
  expect(await verify(signPadded({ client: 'else' }))).toEqual(bad)
  expect(await verify(signPadded({ client: undefined }))).toEqual(bad)
})

test('a client id alone is nobody’s load balancer', async () => {
  const { verify } = await setUp('photos2')
  expect(await verify(signPadded({ signer: 'photos2' }))).toEqual(bad)
})

test('key ids that would lead elsewhere are asked for nowhere', async () => {
  const { verify, service, clock } = await setUp()
  for (const odd of ['../../evil', '', 'a/b', 'a?b', '%2e%2e', 'k'.repeat(65), undefined]) {
    clock.advance(31)
    expect(await verify(signPadded({ kid: odd }))).toHaveProperty('refused')
  }
  expect(service.asked).toEqual([])
})

test('made-up key ids are asked for once in 30 s, and put nobody out who is known', async () => {
  const { verify, service, clock, problems } = await setUp()
  await verify(signPadded())
  for (let count = 0; count < 50; count += 1)
    expect(await verify(signPadded({ kid: `made-up-${count}` }))).toEqual(bad)
  expect(service.asked).toHaveLength(1)
  for (let count = 0; count < 20; count += 1) {
    clock.advance(30)
    const outcome = await verify(signPadded({ kid: `other-${count}` }, { exp: now + 9999 }))
    expect(outcome).toEqual({ refused: 'assertion_keys' })
  }
  expect(service.asked.filter((path) => path.startsWith('/other'))).toHaveLength(20)
  expect(problems[0]).toMatch(/^The key other-0 cannot be read from .*404/)
  expect(await verify(signPadded({}, { exp: now + 9999 }))).toEqual(good)
})

test('of many keys the last eight are kept', async () => {
  const { verify, service, clock } = await setUp()
  service.answer = (response) => response.end(pem)
  const ask = async (count: number) => {
    clock.advance(30)
    expect(await verify(signPadded({ kid: `key-${count}` }, { exp: now + 9999 }))).toEqual(good)
  }
  for (let count = 0; count < 9; count += 1) await ask(count)
  expect(service.asked).toHaveLength(9)
  await ask(8)
  expect(service.asked).toHaveLength(9)
  await ask(0)
  expect(service.asked.at(-1)).toBe('/key-0')
})

test('what is no key lets nobody in', async () => {
  const { verify, service } = await setUp()
  service.answer = (response) => response.end('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n')
  expect(await verify(signPadded())).toEqual(bad)
})
