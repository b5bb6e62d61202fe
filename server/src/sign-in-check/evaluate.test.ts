import { parseNetworks, type Policy } from '@porchlight/trusted-header'
import { describe, expect, test } from 'vitest'
import { canaryOf } from './canary.ts'
import type { Evidence } from './evidence.ts'
import { evaluate } from './evaluate.ts'
import { planProbes } from './probe-plan.ts'
import type { Answer, Line, Observation, Probe, SightedHeader, Sighting } from './sign-in-check.ts'

const nonce = 'n'.repeat(43)
const canary = canaryOf(nonce)

function policyWith(networks: string[], changes: Partial<Policy> = {}): Policy {
  const parsed = parseNetworks(networks)
  if ('problems' in parsed) throw new Error('a test names a network that is none')
  return {
    enabled: true,
    networks: parsed.networks,
    headers: { email: 'remote-email', name: 'remote-name', groups: 'remote-groups' },
    allowedHosts: ['photos.example.com'],
    ...changes,
  }
}

const policy = policyWith(['10.3.3.7/32'])

const header = (name: string, value: string, changes: Partial<SightedHeader> = {}): SightedHeader => ({
  name,
  field: name.toLowerCase() === 'remote-email' ? 'email' : 'alias',
  lines: 1,
  holds: value.startsWith('canary') ? ['canary'] : ['something'],
  value,
  ...changes,
})

const gran = header('Remote-Email', 'g***@home.example')
const made = header('Remote-Email', canary.email)

const saw = (changes: Partial<Sighting> = {}): Sighting => ({
  peer: '10.3.3.7',
  network: '10.3.3.7/32',
  trusted: true,
  host: 'photos.example.com',
  verdict: { refused: 'no_identity' },
  spelling: 'canonical',
  headers: [],
  forwarded: ['x-forwarded-for'],
  ...changes,
})

const vouched = saw({ headers: [gran], verdict: { who: 'somebody', email: gran.value } })

type Reply = Answer | { failed: string }
const server = 'Caddy'
const portal: Reply = { status: 302, server, location: 'https://auth.example.com/' }
const arrived = (seen: Sighting): Reply => ({ status: 200, server, saw: seen })

/** A proxy that does everything right: the portal in front of pages, API and sockets; nothing made up arrives anywhere. */
function goodProxy({ place, trick, as }: Probe): Reply {
  if (trick === 'other-host') return { status: 404, server }
  if (trick === 'connection') return { status: 400, server }
  const isBehind = ['page', 'api', 'websocket', 'static'].includes(place)
  if (!isBehind) return arrived(saw())
  return as === 'you' ? arrived(vouched) : portal
}

type Case = { proxy?: (probe: Probe) => Reply; policy?: Policy; gateways?: string[]; cookies?: boolean }

function findings({ proxy = goodProxy, gateways = ['172.17.0.1'], cookies = true, ...given }: Case): Line[] {
  const inForce = given.policy ?? policy
  const probes = planProbes(inForce, canary, 'server').filter(({ as }) => cookies || as === 'nobody')
  const observations = probes.map((probe): Observation => ({ probe, answer: proxy(probe) }))
  const target = { origin: 'https://photos.example.com', certificate: undefined, withCookies: cookies }
  const evidence: Evidence = { policy: inForce, externalDomain: '', gateways, target, observations }
  return evaluate(evidence)
}

const withLevel = (lines: readonly Line[], level: Line['level']) =>
  lines.filter((line) => line.level === level).map(({ id }) => id)

const lineOf = (lines: readonly Line[], id: string) => lines.find((line) => line.id === id)

/** The good proxy, but for what `changed` answers. */
const except =
  (changed: (probe: Probe) => Reply | undefined) =>
  (probe: Probe): Reply =>
    changed(probe) ?? goodProxy(probe)

test('behind a proxy that does everything right, everything is green', () => {
  const lines = findings({})
  expect(lines.filter(({ level }) => level !== 'good')).toEqual([])
  expect(lines.length).toBeGreaterThan(20)
  expect(lineOf(lines, 'proxy')?.title).toContain('caddy')
})

test('without cookies, what arrives for a signed-in person is not known, and nothing is red', () => {
  const lines = findings({ cookies: false })
  expect(withLevel(lines, 'bad')).toEqual([])
  expect(withLevel(lines, 'unknown')).toEqual(['identity', 'connection'])
})

describe('the finding is red', () => {
  const ownName = (trick: Probe['trick']) => trick === 'own-name' || trick === 'twice'

  test('when a page comes through without a login and with whatever name the client makes up', () => {
    const lines = findings({
      proxy: except(({ place, trick, as }) =>
        place === 'page' && as === 'nobody'
          ? arrived(
              ownName(trick)
                ? saw({ headers: [made], verdict: { who: 'canary', email: made.value } })
                : saw(),
            )
          : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['client-name:page'])
    expect(lineOf(lines, 'client-name:page')).toMatchObject({
      title: 'Whoever asks for a page can say who they are',
      sent: expect.stringContaining(`Remote-Email: ${canary.email}`),
      arrived: `Remote-Email: ${canary.email}`,
      mend: {
        proxy: 'caddy',
        lines: ['request_header -Remote-*', 'request_header -Remote_*', 'request_header -Remote.*'],
      },
    })
    expect(withLevel(lines, 'warn')).toEqual(['login'])
  })

  test('when a shared link lets a made-up name through; for the files of the client it is a warning', () => {
    const lines = findings({
      proxy: except(({ place, trick }) =>
        (place === 'share-page' || place === 'ping') && ownName(trick)
          ? arrived(saw({ headers: [made] }))
          : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['client-name:share-page'])
    expect(withLevel(lines, 'warn')).toEqual(['client-name:ping'])
  })

  test('when the proxy adds the portal’s word to the client’s own', () => {
    const both = header('remote-email', 'both', { lines: 2, holds: ['canary', 'something'] })
    const lines = findings({
      proxy: except(({ place, trick, as }) =>
        place === 'api' && as === 'you' && trick === 'own-name'
          ? {
              ...arrived(saw({ headers: [both], verdict: { refused: 'header_repeated' } })),
              server: 'HAProxy',
            }
          : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['client-name:api'])
    expect(lineOf(lines, 'client-name:api')?.reason).toMatch(/^The proxy adds /)
  })

  test('when an alias becomes the real header on the way', () => {
    const lines = findings({
      proxy: except(({ place, trick }) =>
        place === 'ping' && trick === 'underscore' ? arrived(saw({ headers: [made] })) : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['alias'])
    expect(lineOf(lines, 'alias')?.title).toBe('Another spelling becomes the real header')
  })

  test('when no name arrives for somebody who is signed in', () => {
    const lines = findings({
      proxy: except(({ place, trick, as }) =>
        as === 'you' && place !== 'ping' && trick !== 'other-host' && trick !== 'connection'
          ? arrived(saw())
          : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['identity'])
    expect(lineOf(lines, 'identity')).toMatchObject({
      reason: expect.stringContaining('its word did not arrive'),
      mend: { lines: expect.arrayContaining(['route {']) },
    })
  })

  test('when the proxy sends its own template', () => {
    const literal = header('Remote-Groups', '{http.reverse_proxy.header.Remote-Groups}', {
      field: 'groups',
      holds: ['placeholder'],
    })
    const lines = findings({
      proxy: except(({ as, place, trick }) =>
        as === 'you' && place === 'page' && trick === 'nothing'
          ? arrived({ ...vouched, headers: [gran, literal] })
          : undefined,
      ),
    })
    expect(withLevel(lines, 'bad')).toEqual(['placeholder'])
    expect(lineOf(lines, 'placeholder')?.mend?.lines).toContain('@no_groups header_regexp Remote-Groups ^\\{')
  })

  test('when the proxy’s own address is not trusted, with the narrowest entry for it', () => {
    const stranger = { peer: '::ffff:172.20.0.5', network: null, trusted: false }
    const lines = findings({
      proxy: (probe) => {
        const reply = goodProxy(probe)
        return 'saw' in reply && reply.saw
          ? { ...reply, saw: { ...reply.saw, ...stranger, verdict: { refused: 'untrusted_peer' } } }
          : reply
      },
    })
    expect(withLevel(lines, 'bad')).toEqual(['peer'])
    expect(lineOf(lines, 'peer')?.mend?.lines).toEqual([
      'PORCHLIGHT_TRUSTED_NETWORKS=10.3.3.7/32, 172.20.0.5/32',
    ])
    expect(lineOf(lines, 'identity')?.level).toBe('unknown')
  })

  test('when the address is somebody else’s', () => {
    const lines = findings({ proxy: () => ({ status: 200, server: 'nginx' }) })
    expect(withLevel(lines, 'bad')).toEqual(['address'])
  })
})

describe('the finding is a warning', () => {
  test('when other spellings pass as what they are', () => {
    const alias = header('Remote_Email', canary.email)
    const lines = findings({
      proxy: except(({ place, trick }) =>
        place === 'ping' && trick === 'underscore' ? arrived(saw({ headers: [alias] })) : undefined,
      ),
    })
    expect(withLevel(lines, 'warn')).toEqual(['alias'])
    expect(withLevel(lines, 'bad')).toEqual([])
  })

  test('when a client can make the proxy drop the name', () => {
    const lines = findings({
      proxy: except(({ trick, as }) => (trick === 'connection' && as === 'you' ? arrived(saw()) : undefined)),
    })
    expect(withLevel(lines, 'warn')).toEqual(['connection'])
    expect(lineOf(lines, 'connection')?.mend?.lines).toContain('respond @hop_by_hop 400')
  })

  test('when a request for any host is believed', () => {
    const open = policyWith(['10.3.3.7/32'], { allowedHosts: [] })
    const lines = findings({
      policy: open,
      proxy: except(({ trick }) =>
        trick === 'other-host' ? arrived(saw({ host: `${canary.word}.porchlight.invalid` })) : undefined,
      ),
    })
    expect(withLevel(lines, 'warn')).toEqual(['host', 'hosts'])
  })

  test('when a guess at the shared secret gets through', () => {
    const secret = { header: 'porchlight-secret', digests: ['0'.repeat(64)] }
    const guess = header('porchlight-secret', canary.secret, { field: 'secret' })
    const lines = findings({
      policy: policyWith(['10.3.3.7/32'], { secret }),
      proxy: except(({ trick, place }) =>
        trick === 'secret' && place === 'api-key' ? arrived(saw({ headers: [guess] })) : undefined,
      ),
    })
    expect(withLevel(lines, 'warn')).toEqual(['secret'])
    expect(lineOf(lines, 'secret')?.sent).not.toContain(canary.word)
  })
})

test('with a signed assertion, names that a client makes up are not even tried, and a made-up one is worth nothing', () => {
  const claims = { email: 'email' }
  const signed = policyWith([], { assertion: { header: 'x-authentik-jwt', claims } })
  const token = header('X-Authentik-Jwt', canary.word, { field: 'assertion' })
  const lines = findings({
    policy: signed,
    proxy: except(({ trick, place }) =>
      trick === 'own-name' && place === 'share-page' ? arrived(saw({ headers: [token] })) : undefined,
    ),
  })
  expect(withLevel(lines, 'bad')).toEqual([])
  expect(lineOf(lines, 'client-name:share-page')).toMatchObject({
    level: 'good',
    sent: '/share/canary; X-Authentik-Jwt: ' + canary.word,
  })
})

test.each([
  [['10.3.3.7/32'], 'good'],
  [['127.0.0.1/32'], 'good'],
  [['10.3.3.0/24'], 'good'],
  [['10.3.2.0/23'], 'warn'],
  [['192.168.0.0/16'], 'warn'],
  [['fd00:3::/64'], 'good'],
  [['fd00::/8'], 'warn'],
  [['172.17.0.0/24'], 'bad'],
  [['172.17.0.1/32'], 'bad'],
] as const)('trusting %s is %s', (networks, level) => {
  const lines = findings({ policy: policyWith([...networks]) })
  expect(lineOf(lines, `network:${networks[0]}`)?.level).toBe(level)
})

test('a wide network is no danger where a secret has to hold as well', () => {
  const secret = { header: 'porchlight-secret', digests: ['0'.repeat(64)] }
  const lines = findings({ policy: policyWith(['172.16.0.0/12'], { secret }) })
  expect(lineOf(lines, 'network:172.16.0.0/12')?.level).toBe('good')
})

test('an address that cannot be reached is one line, in words', () => {
  const [ping] = planProbes(policy, canary, 'server').filter(({ place }) => place === 'ping')
  const observations = ping ? [{ probe: ping, answer: { failed: 'nothing listens there' } }] : []
  const target = { origin: 'https://photos.example.com', certificate: undefined, withCookies: false }
  const lines = evaluate({ policy, externalDomain: '', gateways: [], target, observations })
  expect(lineOf(lines, 'address')).toMatchObject({
    level: 'unknown',
    reason: expect.stringContaining('nothing listens there'),
  })
})
