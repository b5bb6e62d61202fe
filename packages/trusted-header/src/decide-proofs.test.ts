import { describe, expect, test } from 'vitest'
import { decide, findAssertion, mentionsIdentity } from './decide.ts'
import { parseNetworks } from './networks.ts'
import { parseSecret } from './secret-proof.ts'
import type { Policy } from './policy.ts'
import type { Arrival, Verdict } from './verdict.ts'

const proxy = '10.3.3.2'
const intruder = '10.3.4.2'
const oldSecret = 'correct-horse-battery-staple-0001'
const newSecret = 'correct-horse-battery-staple-0002'
const granLine = ['Remote-Email', 'gran@home.example']
const secretLine = ['X-Proxy-Secret', newSecret]
const tokenLine = ['X-Assertion', 'a.b.c']
const claims = { email: 'gran@home.example' }
const gran: Verdict = { identity: { email: 'gran@home.example' } }
const refused = (code: string, fromProxy: boolean) => ({ refused: code, fromProxy })

function networks(text: string): Policy['networks'] {
  const parsed = parseNetworks(text)
  if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
  return parsed.networks
}
function secretOf(...values: string[]) {
  const parsed = parseSecret({ header: 'x-proxy-secret', values })
  if ('problem' in parsed) throw new Error(parsed.problem)
  return { secret: parsed.secret }
}
const none: Policy = { enabled: true, networks: networks(''), headers: { email: 'remote-email' } }
const byNetwork = { networks: networks('10.3.3.0/24') }
const bySocket = { unixSocket: true }
const bySecret = secretOf(oldSecret, newSecret)
const byAssertion = { assertion: { header: 'x-assertion', claims: { email: 'email' } } }

const fromProxy = { peer: proxy, rawHeaders: granLine }
const fromSocket = { peer: undefined, viaUnixSocket: true, rawHeaders: granLine }
const fromIntruder = { peer: intruder, rawHeaders: granLine }

describe('networks and the unix socket', () => {
  test.each<[string, Partial<Policy>, Arrival, Verdict]>([
    ['a network lets the proxy in', byNetwork, fromProxy, gran],
    [
      'a network lets no unix socket in',
      byNetwork,
      fromSocket,
      { refused: 'untrusted_peer', fromProxy: false },
    ],
    ['the socket lets in who came by it', bySocket, fromSocket, gran],
    ['the socket lets in no peer', bySocket, fromProxy, { refused: 'untrusted_peer', fromProxy: false }],
    ['both let in the one', { ...byNetwork, ...bySocket }, fromProxy, gran],
    ['both let in the other', { ...byNetwork, ...bySocket }, fromSocket, gran],
    [
      'both let in nobody else',
      { ...byNetwork, ...bySocket },
      fromIntruder,
      { refused: 'untrusted_peer', fromProxy: false },
    ],
    [
      'the socket switched off is nothing',
      { ...byNetwork, unixSocket: false },
      fromSocket,
      { refused: 'untrusted_peer', fromProxy: false },
    ],
    [
      'the socket switched off is no proof',
      { unixSocket: false },
      fromSocket,
      { refused: 'off', fromProxy: false },
    ],
  ])('%s', (_, proofs, arrival, verdict) => {
    expect(decide({ ...none, ...proofs }, arrival)).toEqual(verdict)
  })

  test('an unknown peer is on no unix socket unless the program says so', () => {
    const policy = { ...none, ...bySocket }
    for (const viaUnixSocket of [undefined, false, 'true', 1]) {
      const arrival = { peer: undefined, viaUnixSocket, rawHeaders: granLine } as Arrival
      expect(decide(policy, arrival)).toEqual(refused('untrusted_peer', false))
    }
  })
})

describe('a shared secret', () => {
  test('is enough from anywhere, the old one or the new one', () => {
    const policy = { ...none, ...bySecret }
    for (const secret of [oldSecret, newSecret])
      for (const peer of [proxy, intruder, undefined])
        expect(decide(policy, { peer, rawHeaders: [...granLine, 'x-proxy-secret', secret] })).toEqual(gran)
  })

  test.each([
    ['missing', []],
    ['empty', ['X-Proxy-Secret', '']],
    ['wrong', ['X-Proxy-Secret', `${newSecret}x`]],
    ['there twice', [...secretLine, ...secretLine]],
    ['there after a wrong one', ['X-Proxy-Secret', 'x', ...secretLine]],
    ['there before a wrong one', [...secretLine, 'X-Proxy-Secret', 'x']],
    ['joined with itself', ['X-Proxy-Secret', `${newSecret},${newSecret}`]],
    ['only in an alias', ['X_Proxy_Secret', newSecret]],
    ['in another header', ['X-Secret', newSecret]],
  ])('that is %s proves nothing, even from the proxy', (_, lines) => {
    const rawHeaders = [...granLine, ...lines]
    for (const proofs of [bySecret, { ...bySecret, ...byNetwork }])
      expect(decide({ ...none, ...proofs }, { peer: proxy, rawHeaders })).toEqual(
        refused('bad_secret', false),
      )
  })

  test('does not make up for the peer, nor the peer for it', () => {
    const policy = { ...none, ...bySecret, ...byNetwork }
    const rawHeaders = [...granLine, ...secretLine]
    expect(decide(policy, { peer: proxy, rawHeaders })).toEqual(gran)
    expect(decide(policy, { peer: intruder, rawHeaders })).toEqual(refused('untrusted_peer', false))
  })

  test('is doubted when an alias of it is there as well', () => {
    const rawHeaders = [...granLine, ...secretLine, 'x_proxy_secret', 'x']
    expect(decide({ ...none, ...bySecret }, { peer: proxy, rawHeaders })).toEqual(
      refused('header_alias', true),
    )
  })

  test('tells who is the proxy', () => {
    const policy = { ...none, ...bySecret }
    expect(decide(policy, { peer: intruder, rawHeaders: secretLine })).toEqual(refused('no_identity', true))
    expect(decide(policy, { peer: intruder, rawHeaders: granLine })).toEqual(refused('bad_secret', false))
  })

  test('is not in a list that is no header list', () => {
    const rawHeaders = [...secretLine, 'odd']
    expect(decide({ ...none, ...bySecret }, { peer: proxy, rawHeaders })).toEqual(
      refused('bad_secret', false),
    )
  })

  test('of no value at all lets nobody in', () => {
    const policy = { ...none, secret: { header: 'x-proxy-secret', digests: [] } }
    const rawHeaders = [...granLine, 'x-proxy-secret', '']
    expect(decide(policy, { peer: proxy, rawHeaders })).toEqual(refused('bad_secret', false))
  })
})

describe('an assertion', () => {
  const policy = { ...none, ...byAssertion }
  const held = { peer: intruder, rawHeaders: tokenLine, assertion: { claims } }

  test('that held is enough from anywhere', () => {
    expect(findAssertion(policy, held)).toBe('a.b.c')
    expect(decide(policy, held)).toEqual(gran)
  })

  test.each([
    ['missing', []],
    ['empty', ['X-Assertion', '']],
    ['a placeholder', ['X-Assertion', '{http.reverse_proxy.header.X-Assertion}']],
    ['only a plain header', granLine],
  ])('that is %s vouches for nobody, whatever the verifier said', (_, rawHeaders) => {
    const arrival = { ...held, rawHeaders }
    expect(findAssertion(policy, arrival)).toBeUndefined()
    expect(decide(policy, arrival)).toEqual(refused('no_assertion', false))
    const atProxy = { ...policy, ...byNetwork }
    expect(decide(atProxy, { ...arrival, peer: proxy })).toEqual(refused('no_assertion', true))
  })

  test.each([
    ['in two lines', [...tokenLine, ...tokenLine]],
    ['two in one line', ['x-assertion', 'a.b.c,d.e.f']],
  ])('that comes %s is refused', (_, rawHeaders) => {
    expect(findAssertion(policy, { ...held, rawHeaders })).toBeUndefined()
    expect(decide(policy, { ...held, rawHeaders })).toEqual(refused('header_repeated', false))
  })

  test('that is doubled in one line is one', () => {
    expect(findAssertion(policy, { ...held, rawHeaders: ['x-assertion', 'a.b.c, a.b.c'] })).toBe('a.b.c')
  })

  test.each(['bad_assertion', 'assertion_expired', 'assertion_keys'] as const)(
    'that is refused with %s',
    (code) => {
      const arrival = { ...held, assertion: { refused: code } }
      expect(decide(policy, arrival)).toEqual(refused(code, false))
      expect(decide({ ...policy, ...byNetwork }, { ...arrival, peer: proxy })).toEqual(refused(code, true))
    },
  )

  test.each([
    undefined,
    null,
    true,
    'gran@home.example',
    {},
    { claims: undefined },
    { claims: null },
    { claims: 'gran@home.example' },
    { refused: undefined },
    { refused: 'off' },
    { refused: 'no such code' },
    [],
  ])('is worth nothing when the program says %j of it', (assertion) => {
    const arrival = { peer: intruder, rawHeaders: tokenLine, assertion } as unknown as Arrival
    expect(decide(policy, arrival)).toEqual(refused('bad_assertion', false))
  })

  test('makes of its bearer the proxy, so that naming nobody means something', () => {
    expect(decide(policy, { ...held, assertion: { claims: {} } })).toEqual(refused('no_identity', true))
    expect(decide(policy, { ...held, assertion: { claims: { email: 'gran' } } })).toEqual(
      refused('bad_email', true),
    )
  })

  test('makes plain headers worthless, and harmless in every form', () => {
    const plain = [
      'Remote-Email',
      'boss@home.example',
      'remote-email',
      'x',
      'Remote_Email',
      'boss@home.example',
    ]
    expect(decide(policy, { ...held, rawHeaders: [...plain, ...tokenLine] })).toEqual(gran)
  })

  test('is doubted when an alias of its header is there', () => {
    const rawHeaders = [...tokenLine, 'x_assertion', 'd.e.f']
    expect(decide(policy, { ...held, rawHeaders })).toEqual(refused('header_alias', false))
    expect(findAssertion(policy, { ...held, rawHeaders })).toBeUndefined()
  })

  test('does not make up for the peer or the secret', () => {
    const strict = { ...policy, ...byNetwork, ...bySecret }
    const rawHeaders = [...tokenLine, ...secretLine]
    expect(decide(strict, { ...held, peer: proxy, rawHeaders })).toEqual(gran)
    expect(findAssertion(strict, { ...held, peer: proxy, rawHeaders })).toBe('a.b.c')
    expect(decide(strict, { ...held, rawHeaders })).toEqual(refused('untrusted_peer', false))
    expect(findAssertion(strict, { ...held, rawHeaders })).toBeUndefined()
    expect(decide(strict, { ...held, peer: proxy })).toEqual(refused('bad_secret', false))
    expect(findAssertion(strict, { ...held, peer: proxy })).toBeUndefined()
  })

  test('is not looked for where it is not configured, or while all is off', () => {
    expect(findAssertion({ ...none, ...byNetwork }, { ...held, peer: proxy })).toBeUndefined()
    expect(findAssertion({ ...policy, enabled: false }, held)).toBeUndefined()
  })
})

describe('with allowed hosts', () => {
  const policy = { ...none, ...byNetwork, allowedHosts: ['photos.home.example', 'localhost:2283'] }
  const at = (...hosts: string[]) => ({
    peer: proxy,
    rawHeaders: [...hosts.flatMap((host) => ['Host', host]), ...granLine],
  })

  test('gran is let in at one of them', () => {
    for (const host of ['photos.home.example', 'Photos.Home.Example:443', 'localhost:2283'])
      expect(decide(policy, at(host))).toEqual(gran)
  })

  test.each([
    ['another host', ['evil.example']],
    ['no host', []],
    ['two hosts', ['photos.home.example', 'evil.example']],
    ['one host twice', ['photos.home.example', 'photos.home.example']],
    ['an empty host', ['']],
    ['another port', ['localhost:8080']],
  ])('nobody is let in at %s', (_, hosts) => {
    expect(decide(policy, at(...hosts))).toEqual(refused('wrong_host', true))
    expect(decide({ ...none, ...byAssertion, allowedHosts: policy.allowedHosts }, at(...hosts))).toEqual(
      refused('wrong_host', false),
    )
  })

  test('a forwarded host is not the host', () => {
    const rawHeaders = ['Host', 'evil.example', 'X-Forwarded-Host', 'photos.home.example', ...granLine]
    expect(decide(policy, { peer: proxy, rawHeaders })).toEqual(refused('wrong_host', true))
  })

  test('any host will do, and any number, where none is named', () => {
    for (const allowedHosts of [undefined, []]) {
      const open = { ...none, ...byNetwork, ...(allowedHosts && { allowedHosts }) }
      for (const hosts of [[], ['evil.example'], ['a.example', 'b.example']])
        expect(decide(open, at(...hosts))).toEqual(gran)
    }
  })
})

test('the first question that fails is the answer', () => {
  const policy: Policy = {
    ...none,
    ...byNetwork,
    ...bySecret,
    allowedHosts: ['photos.home.example'],
    headers: { email: 'remote-email', id: 'remote-user' },
  }
  const wrong = [
    'Remote-Email',
    '-',
    'remote-user',
    '-',
    'remote_email',
    '',
    'Remote-Email',
    '-',
    'x-proxy-secret',
    '',
  ]
  const ladder: [Policy, string | undefined, string[], string][] = [
    [{ ...policy, enabled: false }, intruder, wrong, 'off'],
    [policy, intruder, wrong, 'untrusted_peer'],
    [policy, proxy, wrong, 'bad_secret'],
    [policy, proxy, [...secretLine, ...wrong.slice(0, 8)], 'wrong_host'],
    [policy, proxy, [...secretLine, 'host', 'photos.home.example', ...wrong.slice(0, 8)], 'header_alias'],
    [
      policy,
      proxy,
      [...secretLine, 'host', 'photos.home.example', 'remote-user', 'a,b', 'remote-email', '-'],
      'header_repeated',
    ],
    [
      policy,
      proxy,
      [...secretLine, 'host', 'photos.home.example', 'remote-user', 'a b', 'remote-email', '-'],
      'no_identity',
    ],
    [
      policy,
      proxy,
      [...secretLine, 'host', 'photos.home.example', 'remote-user', 'a b', 'remote-email', 'x'],
      'bad_email',
    ],
    [policy, proxy, [...secretLine, 'host', 'photos.home.example', 'remote-user', '-', ...granLine], 'no_id'],
    [policy, proxy, [...secretLine, 'host', 'photos.home.example', ...granLine], 'no_id'],
    [
      policy,
      proxy,
      [...secretLine, 'host', 'photos.home.example', 'remote-user', 'a b', ...granLine],
      'bad_id',
    ],
  ]
  for (const [policy, peer, rawHeaders, code] of ladder)
    expect(decide(policy, { peer, rawHeaders })).toMatchObject({ refused: code })
  expect(decide({ ...none, ...byNetwork }, { peer: proxy, rawHeaders: ['odd'] })).toEqual(
    refused('bad_arrival', true),
  )
  expect(decide({ ...none, ...byAssertion }, { peer: proxy, rawHeaders: ['odd'] })).toEqual(
    refused('bad_arrival', false),
  )
})

describe('an audit', () => {
  const mentions = (policy: Policy, ...rawHeaders: string[]) =>
    mentionsIdentity(policy, { peer: intruder, rawHeaders })
  const plain = {
    ...none,
    ...byNetwork,
    ...bySecret,
    headers: { email: 'remote-email', name: 'remote-name' },
  }

  test('is told of every header that the policy reads, and of aliases', () => {
    for (const name of ['Remote-Email', 'remote-name', 'x-proxy-secret', 'remote_name', 'RemoteEmail'])
      expect(mentions(plain, 'Host', 'x', name, '')).toBe(true)
    expect(mentions({ ...none, ...byAssertion }, ...tokenLine)).toBe(true)
  })

  test('is told of nothing else', () => {
    expect(mentions(plain)).toBe(false)
    expect(mentions(plain, 'Host', 'x', 'Host', 'y', 'Remote-User', 'gran')).toBe(false)
    expect(mentions({ ...none, ...byAssertion }, ...granLine)).toBe(false)
    expect(mentions({ ...plain, enabled: false }, ...granLine)).toBe(false)
    expect(mentions(plain, 'Remote-Email')).toBe(false)
  })
})

describe('what is remembered', () => {
  test('of a peer is forgotten with the networks', () => {
    const rawHeaders = granLine
    const policies = ['10.3.3.0/24', '10.3.4.0/24', '10.3.3.2'].map((text) => ({
      ...none,
      networks: networks(text),
    }))
    for (let round = 0; round < 3; round += 1)
      expect(policies.map((policy) => 'identity' in decide(policy, { peer: proxy, rawHeaders }))).toEqual([
        true,
        false,
        true,
      ])
  })

  test('of peers withstands a flood of others', () => {
    const policy = { ...none, ...byNetwork }
    for (let index = 0; index < 3000; index += 1) {
      const peer = `10.${index % 200}.${Math.floor(index / 200)}.9`
      const inside = peer.startsWith('10.3.3.')
      expect('identity' in decide(policy, { peer, rawHeaders: granLine })).toBe(inside)
    }
    expect(decide(policy, fromProxy)).toEqual(gran)
    expect(decide(policy, fromIntruder)).toEqual(refused('untrusted_peer', false))
  })

  test('of a policy is what was worked out the first time', () => {
    const policy = { ...none, ...byNetwork, headers: { email: 'remote-email', groups: 'remote-groups' } }
    const arrival = { peer: proxy, rawHeaders: [...granLine, 'Remote-Groups', 'a,b'] }
    const [one, other] = [decide(policy, arrival), decide(policy, arrival)].map((verdict) =>
      'identity' in verdict ? verdict.identity.groups : undefined,
    )
    expect(one).toEqual(['a', 'b'])
    expect(other).toBe(one)
  })

  test('of a policy does not outlive a change in place, though a policy should be a value', () => {
    const policy = { ...none, ...byNetwork, headers: { email: 'remote-email', groups: 'remote-groups' } }
    const rawHeaders = [
      'Host',
      'h',
      ...granLine,
      'Remote-Groups',
      'a|b,c',
      'X-Email',
      'anna@home.example',
      'remote-name',
      '=?utf-8?q?G?=',
    ]
    const now = () => decide(policy, { peer: proxy, rawHeaders })
    expect(now()).toEqual({ identity: { email: 'gran@home.example', groups: ['a|b', 'c'] } })
    Object.assign(policy, { groupSeparator: '|' })
    expect(now()).toEqual({ identity: { email: 'gran@home.example', groups: ['a', 'b,c'] } })
    Object.assign(policy.headers, { email: 'x-email', groups: undefined, name: 'remote-name' })
    expect(now()).toEqual({ identity: { email: 'anna@home.example', name: '=?utf-8?q?G?=' } })
    Object.assign(policy, { nameEncoding: 'rfc2047' })
    expect(now()).toEqual({ identity: { email: 'anna@home.example', name: 'G' } })
    const allowedHosts = ['photos.home.example']
    Object.assign(policy, { allowedHosts })
    expect(now()).toEqual(refused('wrong_host', true))
    allowedHosts.splice(0, 1, 'a', 'b')
    expect(now()).toEqual(refused('wrong_host', true))
    allowedHosts.splice(0, 2, 'ab')
    expect(
      decide(policy, { peer: proxy, rawHeaders: ['Host', 'ab', ...rawHeaders.slice(2)] }),
    ).toHaveProperty('identity')
    allowedHosts.push('h')
    expect(now()).toMatchObject({ identity: { email: 'anna@home.example' } })
    Object.assign(policy, bySecret)
    expect(now()).toEqual(refused('bad_secret', false))
    Object.assign(policy, { secret: undefined, ...byAssertion })
    expect(now()).toEqual(refused('no_assertion', true))
    Object.assign(policy, { networks: networks('10.9.9.9') })
    expect(now()).toEqual(refused('untrusted_peer', false))
  })
})
