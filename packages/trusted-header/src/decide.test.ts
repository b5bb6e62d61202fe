import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { parseNetworks } from './networks.ts'
import type { Policy } from './policy.ts'
import type { Arrival, Verdict } from './verdict.ts'

const proxy = '10.3.3.2'
const intruder = '10.3.4.2'
const gran = { identity: { email: 'gran@home.example' } }
const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

function policyFor(networks: string, changes: Partial<Policy> = {}): Policy {
  const parsed = parseNetworks(networks)
  if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
  return { enabled: true, networks: parsed.networks, headers: { email: 'remote-email' }, ...changes }
}
const policy = policyFor('10.3.3.0/24, fd00:3::/32, fe80::/10')

/** What the engine says of a request that came from the proxy with these header lines. */
const fromProxy = (...rawHeaders: string[]): Verdict => decide(policy, { peer: proxy, rawHeaders })

describe('gran is let in', () => {
  test.each([
    ['by the header', ['Remote-Email', 'gran@home.example']],
    ['whatever the case of the name', ['REMOTE-EMAIL', 'gran@home.example']],
    ['whatever the case of her address', ['remote-email', 'GRAN@Home.Example']],
    ['with blanks around her address', ['remote-email', '  gran@home.example\t']],
    ['with her address twice in one line', ['remote-email', 'gran@home.example,gran@home.example']],
    ['with her address twice and a blank', ['remote-email', 'gran@home.example, gran@home.example']],
    [
      'among other headers',
      ['Host', 'x', 'X-Forwarded-For', '8.8.8.8', 'remote-email', 'gran@home.example', 'Remote-User', 'boss'],
    ],
    [
      'when a name beyond ASCII comes along',
      ['remote-name', bytesOf('Oma Zoë'), 'remote-email', 'gran@home.example'],
    ],
    [
      'when her address is the value of another header',
      ['x-a', 'remote_email', 'remote-email', 'gran@home.example'],
    ],
  ])('%s', (_, rawHeaders) => {
    expect(fromProxy(...rawHeaders)).toEqual(gran)
  })

  test.each(['10.3.3.0', '10.3.3.255', '::ffff:10.3.3.2', '::FFFF:0a03:0302', 'fd00:3::1', 'fe80::1%eth0'])(
    'when the proxy calls from %s',
    (peer) => {
      expect(decide(policy, { peer, rawHeaders: ['Remote-Email', 'gran@home.example'] })).toEqual(gran)
    },
  )

  test('at a domain beyond ASCII, sent as UTF-8', () => {
    expect(fromProxy('remote-email', bytesOf('gran@bücher.example'))).toEqual({
      identity: { email: 'gran@xn--bcher-kva.example' },
    })
  })

  test('at a domain whose last byte is 0xA0', () => {
    expect(fromProxy('remote-email', bytesOf('gran@home.à'))).toEqual({
      identity: { email: 'gran@home.xn--0ca' },
    })
  })

  test('at a name without a dot', () => {
    expect(fromProxy('remote-email', 'admin@local')).toEqual({ identity: { email: 'admin@local' } })
  })

  test('by a header of another name, however the admin wrote it', () => {
    const authentik = policyFor('10.3.3.2', { headers: { email: 'X-Authentik-Email' } })
    const rawHeaders = ['x-authentik-email', 'gran@home.example', 'remote_email', 'boss@home.example']
    expect(decide(authentik, { peer: proxy, rawHeaders })).toEqual(gran)
  })
})

describe('nobody is let in', () => {
  test.each([
    intruder,
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.3.4.2',
    '::10.3.3.2',
    'fd00:4::1',
    'fec0::1%eth0',
    '10.3.3.2%eth0',
    '10.3.3.2:443',
    '10.3.3.2, 10.3.3.2',
    ' 10.3.3.2',
    '[fd00:3::1]',
    'localhost',
    '@',
    '',
    undefined,
  ])('from the peer %j', (peer) => {
    const rawHeaders = ['Remote-Email', 'gran@home.example', 'X-Forwarded-For', proxy, 'X-Real-IP', proxy]
    expect(decide(policy, { peer, rawHeaders })).toEqual({ refused: 'untrusted_peer', fromProxy: false })
  })

  test.each([undefined, '127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0'])(
    'when no network is trusted, from %j',
    (peer) => {
      expect(decide(policyFor(''), { peer, rawHeaders: ['remote-email', 'gran@home.example'] })).toEqual({
        refused: 'off',
        fromProxy: false,
      })
    },
  )

  test('by an unknown peer, even when loopback is trusted', () => {
    const loopback = policyFor('127.0.0.0/8, ::1')
    const rawHeaders = ['remote-email', 'gran@home.example']
    expect(decide(loopback, { peer: '127.0.0.1', rawHeaders })).toEqual(gran)
    expect(decide(loopback, { peer: undefined, rawHeaders })).toEqual({
      refused: 'untrusted_peer',
      fromProxy: false,
    })
  })

  test.each([
    ['an underscore', 'remote_email'],
    ['a dot', 'Remote.Email'],
    ['nothing', 'RemoteEmail'],
    ['two dashes', 'Remote--Email'],
    ['a dash too many', 'Remote-Email-'],
    ['a sign that is hardly ever used', 'Remote~Email'],
    ['a byte beyond ASCII', 'Remote\u00a0Email'],
  ])('when the name comes with %s in it, alone or beside the real one', (_, alias) => {
    const real = ['Remote-Email', 'gran@home.example']
    const refused = { refused: 'header_alias', fromProxy: true }
    expect(fromProxy(alias, 'gran@home.example')).toEqual(refused)
    expect(fromProxy(alias, 'boss@home.example', ...real)).toEqual(refused)
    expect(fromProxy(...real, alias, 'boss@home.example')).toEqual(refused)
    expect(fromProxy(...real, alias, '')).toEqual(refused)
    expect(fromProxy(...real, ...real, alias, '')).toEqual(refused)
  })

  test.each([
    ['two people in two lines', ['Remote-Email', 'gran@home.example', 'Remote-Email', 'boss@home.example']],
    ['two lines in two cases', ['remote-email', 'boss@home.example', 'REMOTE-EMAIL', 'gran@home.example']],
    [
      'the same person in two lines',
      ['Remote-Email', 'gran@home.example', 'Remote-Email', 'gran@home.example'],
    ],
    ['a second line that is empty', ['Remote-Email', 'gran@home.example', 'Remote-Email', '']],
    ['a first line that is a placeholder', ['Remote-Email', '-', 'Remote-Email', 'gran@home.example']],
    ['two people in one line', ['Remote-Email', 'gran@home.example,boss@home.example']],
    ['two people in one line, the first three times', ['Remote-Email', 'a@x,a@x,a@x,b@x']],
    ['one person in two cases', ['Remote-Email', 'gran@home.example,GRAN@home.example']],
    ['a comma behind', ['Remote-Email', 'gran@home.example,']],
    [
      'a placeholder and a person',
      ['Remote-Email', '{http.reverse_proxy.header.Remote-Email}, boss@home.example'],
    ],
  ])('by %s', (_, rawHeaders) => {
    expect(fromProxy(...rawHeaders)).toEqual({ refused: 'header_repeated', fromProxy: true })
  })

  test.each([
    '',
    ' \t ',
    ',',
    '-',
    '(null)',
    'null,null',
    'undefined',
    '{http.reverse_proxy.header.Remote-Email}',
    '{http.reverse_proxy.header.Remote-Email},{http.reverse_proxy.header.Remote-Email}',
    '%{OIDC_CLAIM_email}e',
    '${mail}',
    '$upstream_http_remote_email',
  ])('when the header says %j', (value) => {
    expect(fromProxy('Remote-Email', value)).toEqual({ refused: 'no_identity', fromProxy: true })
  })

  test('when there is no such header', () => {
    expect(fromProxy()).toEqual({ refused: 'no_identity', fromProxy: true })
    expect(fromProxy('Remote-User', 'gran', 'X-Email', 'gran@home.example')).toEqual({
      refused: 'no_identity',
      fromProxy: true,
    })
  })

  test.each([
    ['no address', 'gran'],
    ['a list', 'gran@home.example;boss@home.example'],
    ['two at signs', 'boss@home.example@evil.example'],
    ['half a template', 'gran@{domain}'],
    ['a line break that was made a blank', 'gran@home.example  Remote-Email: boss@home.example'],
    ['control characters', 'gran@home.example\r\nx'],
    ['a Kelvin sign as UTF-8', bytesOf('\u212aate@home.example')],
    ['a Kelvin sign that is no byte', '\u212aate@home.example'],
    ['a letter that would be cut down to an A', '\u0141dmin@home.example'],
    ['a latin1 letter', 'gran@b\u00fccher.example'],
    ['a letter beyond ASCII before the @', bytesOf('zoë@home.example')],
    ['a byte order mark', bytesOf('\ufeffgran@home.example')],
    ['a no-break space behind', 'gran@home.example\u00a0'],
    ['a no-break space as UTF-8', bytesOf('gran@home.example\u00a0')],
    ['an encoded word', '=?utf-8?q?gran=40home.example?='],
    ['percent signs', 'gran%40home.example'],
    ['eight thousand letters', `${'a'.repeat(8192)}@home.example`],
  ])('by %s', (_, value) => {
    expect(fromProxy('Remote-Email', value)).toEqual({ refused: 'bad_email', fromProxy: true })
  })

  test.each([
    [null],
    [undefined],
    ['remote-email'],
    [{ 'remote-email': 'gran@home.example' }],
    [['remote-email']],
    [['remote-email', undefined]],
    [['remote-email', ['gran@home.example']]],
    [[['remote-email', 'gran@home.example']]],
    [Array.from({ length: 2 })],
    [Object.assign([], { length: 2 })], // nothing but holes
    [[Symbol('remote-email'), 'gran@home.example']],
  ])('when the program hands over %o in place of the header list', (rawHeaders) => {
    const arrival = { peer: proxy, rawHeaders } as unknown as Arrival
    expect(decide(policy, arrival)).toEqual({ refused: 'bad_arrival', fromProxy: true })
  })
})

describe('nothing is read that need not be', () => {
  /** An arrival that remembers what was asked of it. */
  function watched(peer: string): { arrival: Arrival; asked: string[] } {
    const asked: string[] = []
    const arrival = {
      get peer() {
        asked.push('peer')
        return peer
      },
      get rawHeaders() {
        asked.push('headers')
        return ['Remote-Email', 'gran@home.example']
      },
    }
    return { arrival, asked }
  }

  test('neither peer nor headers while the feature is off', () => {
    const { arrival, asked } = watched(proxy)
    expect(decide({ ...policy, enabled: false }, arrival)).toEqual({ refused: 'off', fromProxy: false })
    expect(asked).toEqual([])
  })

  test('no headers of an untrusted peer', () => {
    const { arrival, asked } = watched(intruder)
    expect(decide(policy, arrival)).toEqual({ refused: 'untrusted_peer', fromProxy: false })
    expect(asked).not.toContain('headers')
  })

  test('both of the proxy, so that the two tests above can fail', () => {
    const { arrival, asked } = watched(proxy)
    expect(decide(policy, arrival)).toEqual(gran)
    expect(new Set(asked)).toEqual(new Set(['peer', 'headers']))
  })
})
