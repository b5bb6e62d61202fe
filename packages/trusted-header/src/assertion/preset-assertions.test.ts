import { expect, onTestFinished, test } from 'vitest'
import { decide, findAssertion } from '../decide.ts'
import { parseNetworks } from '../networks.ts'
import type { PresetName } from '../preset.ts'
import { presets } from '../presets.ts'
import { createAssertionVerifier } from './assertion-verifier.ts'
import { createTestClock, makeKey, signToken, start, startLoginService } from './test-login-service.ts'

const now = start / 1000
const zoe = { email: 'zoe@home.example', name: 'Zoë 祖母', groups: ['family', 'admins'] }

/** What each login service documents of its tokens. */
const givers: Partial<
  Record<PresetName, { claims: Record<string, unknown>; identity: unknown; alg?: string }>
> = {
  'authentik-jwt': {
    alg: 'RS256',
    claims: {
      iss: 'https://auth.home.example/application/o/photos/',
      sub: '5a1d1b7f8b8d4cb7',
      aud: 'pAzxKkGm6nW3',
      auth_time: now,
      acr: 'goauthentik.io/providers/oauth2/default',
      email: zoe.email,
      email_verified: true,
      name: zoe.name,
      preferred_username: 'zoe',
      groups: zoe.groups,
      ak_proxy: { user_attributes: {}, is_superuser: false },
    },
    identity: { ...zoe, id: '5a1d1b7f8b8d4cb7' },
  },
  'cloudflare-access': {
    claims: {
      iss: 'https://home.cloudflareaccess.com',
      aud: ['32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228'],
      nbf: now,
      type: 'app',
      identity_nonce: '6ei69kawdKzMIAPF',
      sub: '7335d417-61da-459d-899c-0a01c76a2f94',
      country: 'AT',
      email: zoe.email,
    },
    identity: { email: zoe.email, id: '7335d417-61da-459d-899c-0a01c76a2f94' },
  },
  'google-iap': {
    claims: {
      iss: 'https://cloud.google.com/iap',
      aud: '/projects/123456789/global/backendServices/987654321',
      sub: 'accounts.google.com:118133858486581853996',
      email: zoe.email,
      azp: '/projects/123456789/global/backendServices/987654321',
      google: { access_levels: [] },
    },
    identity: { email: zoe.email, id: 'accounts.google.com:118133858486581853996' },
  },
  pomerium: {
    claims: {
      iss: 'photos.home.example',
      aud: 'photos.home.example',
      jti: '0ab5b5b0',
      sub: '5OcYpSEW',
      user: '5OcYpSEW',
      sid: 's',
      email: zoe.email,
      name: zoe.name,
      groups: zoe.groups,
    },
    identity: { ...zoe, id: '5OcYpSEW' },
  },
  teleport: {
    alg: 'RS256',
    claims: {
      iss: 'home',
      aud: ['http://127.0.0.1:2283'],
      nbf: now,
      iat: undefined,
      sub: zoe.email,
      username: zoe.email,
      roles: zoe.groups,
      traits: { logins: ['root'] },
      email: undefined,
    },
    identity: { email: zoe.email, groups: zoe.groups },
  },
}

async function setUp(name: PresetName) {
  const preset = presets.find((one) => one.name === name)
  const giver = givers[name]
  if (!preset?.assertion || !giver) throw new Error(`there is no token of ${name}`)
  const key = await makeKey('k', giver.alg ?? preset.assertion.algorithms[0])
  const service = await startLoginService(key)
  onTestFinished(service.close)
  const { iss, aud } = giver.claims as { iss: string; aud: string | string[] }
  const { verify } = createAssertionVerifier({
    keys: { jwksUrl: service.url },
    issuer: preset.assertion.issuer || iss,
    audience: aud,
    algorithms: preset.assertion.algorithms,
    clock: createTestClock(),
  })
  const parsed = parseNetworks('')
  if (!('networks' in parsed)) throw new Error('nothing is no network')
  const { headers, groupSeparator, nameEncoding, assertion } = preset
  const policy = {
    enabled: true,
    networks: parsed.networks,
    headers,
    groupSeparator,
    nameEncoding,
    assertion,
  }
  /** As a server asks, with nothing but the assertion to prove who speaks. */
  const ask = async (...rawHeaders: string[]) => {
    const arrival = { peer: '203.0.113.9', rawHeaders }
    const token = findAssertion(policy, arrival)
    return decide(policy, token === undefined ? arrival : { ...arrival, assertion: await verify(token) })
  }
  return { key, giver, ask, header: assertion.header, plain: headers.email }
}

test.each(Object.keys(givers) as PresetName[])('%s vouches by the token that it documents', async (name) => {
  const { key, giver, ask, header, plain } = await setUp(name)
  const token = await signToken(key, giver.claims)
  expect(await ask(header, token)).toEqual({ identity: giver.identity })
  // The header beside it that nobody signed is not read.
  expect(await ask(plain, 'admin@home.example')).toMatchObject({ refused: 'no_assertion' })
  expect(await ask(header, token, plain, 'admin@home.example')).toEqual({ identity: giver.identity })
  expect(await ask(header, `${token}A`)).toMatchObject({ refused: 'bad_assertion' })
  expect(await ask(header, token, header, token)).toMatchObject({ refused: 'header_repeated' })
})

test('every preset with an assertion is tried, here or with its load balancer', () => {
  const tried = [...Object.keys(givers), 'aws-alb'].sort()
  expect(presets.flatMap(({ name, kind }) => (kind === 'assertion' ? [name] : [])).sort()).toEqual(tried)
})

test('a machine that Cloudflare Access let in by a service token is nobody', async () => {
  const { key, giver, ask, header } = await setUp('cloudflare-access')
  const claims = {
    ...giver.claims,
    email: undefined,
    sub: '',
    common_name: 'e367826f93b8d71185e03fe518aff3b4.access',
  }
  expect(await ask(header, await signToken(key, claims))).toMatchObject({ refused: 'no_identity' })
})

test('a Teleport user who is not called by an e-mail address is nobody here', async () => {
  const { key, giver, ask, header } = await setUp('teleport')
  const token = await signToken(key, { ...giver.claims, username: 'alice', sub: 'alice' })
  expect(await ask(header, token)).toMatchObject({ refused: 'bad_email' })
})
