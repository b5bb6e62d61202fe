import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { parseNetworks } from './networks.ts'
import type { Policy } from './policy.ts'
import type { Verdict } from './verdict.ts'

const parsed = parseNetworks('10.3.3.2')
if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
const names = {
  email: 'email',
  id: 'sub',
  name: 'name',
  groups: 'groups',
  picture: 'picture',
  quota: 'quota',
}
const byHeaders: Policy = {
  enabled: true,
  networks: parsed.networks,
  headers: {
    email: 'remote-email',
    id: 'remote-user',
    name: 'remote-name',
    groups: 'remote-groups',
    picture: 'remote-picture',
    quota: 'remote-quota',
  },
}
const byClaims: Policy = { ...byHeaders, assertion: { header: 'x-assertion', claims: names } }
const withoutId: Policy = { ...byHeaders, headers: { ...byHeaders.headers, id: undefined } as never }
const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const fromHeaders = (rawHeaders: string[], policy = byHeaders): Verdict =>
  decide(policy, { peer: '10.3.3.2', rawHeaders })
const fromClaims = (claims: Record<string, unknown>, policy = byClaims): Verdict =>
  decide(policy, { peer: '10.3.3.2', rawHeaders: ['X-Assertion', 'a.b.c'], assertion: { claims } })

const who = ['Remote-Email', 'gran@home.example', 'Remote-User', 'gran']
const gran = { email: 'gran@home.example', id: 'gran' }
const everything = {
  ...gran,
  name: 'Oma Zoë',
  groups: ['family', 'admins'],
  picture: 'https://login.home.example/gran.jpg',
  quotaBytes: 10 * 1024 ** 3,
}

describe('by headers', () => {
  test('the proxy says everything there is to say of a person', () => {
    const { picture } = everything
    const name = ['Remote-Name', bytesOf('Oma Zoë')]
    const rest = ['Remote-Groups', 'family, admins', 'Remote-Picture', picture, 'Remote-Quota', '10']
    const rawHeaders = [...who, ...name, ...rest]
    expect(fromHeaders(rawHeaders)).toStrictEqual({ identity: everything })
  })

  test('what is not said is not there', () => {
    expect(fromHeaders(who)).toStrictEqual({ identity: gran })
  })

  test('what cannot be read is not there', () => {
    const odd = [
      'Remote-Name',
      'zo\u00eb',
      'Remote-Groups',
      '-',
      'Remote-Picture',
      'http://x/',
      'Remote-Quota',
      'much',
    ]
    expect(fromHeaders([...who, ...odd])).toStrictEqual({ identity: gran })
    const bytes = ['Remote-Groups', '\u00ff', 'Remote-Picture', 'https://x/\u00ff', 'Remote-Quota', '\u00ff']
    expect(fromHeaders([...who, ...bytes])).toStrictEqual({ identity: gran })
  })

  test('what is said to be empty is empty', () => {
    const empty = ['Remote-Name', '', 'Remote-Groups', '', 'Remote-Picture', '', 'Remote-Quota', '']
    expect(fromHeaders([...who, ...empty])).toStrictEqual({
      identity: { ...gran, name: '', groups: [], picture: '' },
    })
  })

  test('no limit is said too', () => {
    expect(fromHeaders([...who, 'Remote-Quota', 'unlimited'])).toStrictEqual({
      identity: { ...gran, quotaBytes: null },
    })
  })

  test('names and groups are read as the policy says', () => {
    const policy: Policy = { ...byHeaders, nameEncoding: 'rfc2047', groupSeparator: '|' }
    const rawHeaders = [...who, 'Remote-Name', '=?utf-8?q?Zo=C3=AB?=', 'Remote-Groups', 'a,b|c']
    expect(fromHeaders(rawHeaders, policy)).toStrictEqual({
      identity: { ...gran, name: 'Zoë', groups: ['a,b', 'c'] },
    })
  })

  test.each(['Remote-User', 'Remote-Name', 'Remote-Groups', 'Remote-Picture', 'Remote-Quota'])(
    'nobody is believed when %s comes twice, or in another spelling',
    (name) => {
      const rest = name === 'Remote-User' ? who.slice(0, 2) : who
      expect(fromHeaders([...rest, name, 'a', name, 'a'])).toEqual({
        refused: 'header_repeated',
        fromProxy: true,
      })
      const alias = name.replace('-', '_')
      expect(fromHeaders([...who, alias, 'a'])).toEqual({ refused: 'header_alias', fromProxy: true })
    },
  )

  test('headers that are not configured may come as they like', () => {
    const rawHeaders = [...who.slice(0, 2), 'Remote-User', 'a', 'Remote-User', 'b', 'remote_user', 'c']
    expect(fromHeaders(rawHeaders, withoutId)).toStrictEqual({ identity: { email: 'gran@home.example' } })
  })

  test('one header may say two things', () => {
    const policy: Policy = { ...byHeaders, headers: { email: 'remote-email', id: 'Remote-Email' } }
    expect(fromHeaders(['remote-email', 'Gran@home.example'], policy)).toStrictEqual({
      identity: { email: 'gran@home.example', id: 'Gran@home.example' },
    })
  })

  test('LemonLDAP::NG behind Caddy says everything twice, and means it once', () => {
    const policy: Policy = { ...byHeaders, groupSeparator: ';' }
    for (const join of [',', ', ']) {
      const once = {
        'Remote-Email': 'gran@home.example',
        'Remote-User': 'gran',
        'Remote-Name': 'Smith, Anna',
        'Remote-Groups': 'users; timelords',
        'Remote-Picture': 'https://x/a,b',
        'Remote-Quota': '1 B',
      }
      const rawHeaders = Object.entries(once).flatMap(([name, value]) => [name, value + join + value])
      expect(fromHeaders(rawHeaders, policy)).toStrictEqual({
        identity: {
          ...gran,
          name: 'Smith, Anna',
          groups: ['users', 'timelords'],
          picture: 'https://x/a,b',
          quotaBytes: 1,
        },
      })
    }
  })

  test('who says the address once means everything as it stands', () => {
    const policy: Policy = { ...byHeaders, groupSeparator: ';' }
    const rawHeaders = [
      ...who,
      'Remote-Name',
      'Thomas, Thomas',
      'Remote-Groups',
      'a,a',
      'Remote-Quota',
      '1,1',
    ]
    expect(fromHeaders(rawHeaders, policy)).toStrictEqual({
      identity: { ...gran, name: 'Thomas, Thomas', groups: ['a,a'] },
    })
  })
})

describe('by claims', () => {
  test('the assertion says everything there is to say of a person', () => {
    const { picture } = everything
    const claims = {
      email: 'Gran@home.example',
      sub: 'gran',
      name: 'Oma Zoë',
      groups: ['family', 'admins'],
      picture,
      quota: 10,
    }
    expect(fromClaims({ ...claims, iss: 'x', nested: { email: 'boss@home.example' } })).toStrictEqual({
      identity: everything,
    })
    expect(fromClaims({ ...claims, groups: 'family, admins', quota: '10 GiB' })).toStrictEqual({
      identity: everything,
    })
  })

  test.each<[string, Record<string, unknown>]>([
    ['absent', {}],
    ['null', { name: null, groups: null, picture: null, quota: null }],
    ['of other types', { name: ['Anna'], groups: { family: true }, picture: 7, quota: true }],
    ['odd', { name: '{name}', groups: ['family', 7], picture: 'http://x/', quota: 'much' }],
    ['odd in other ways', { name: {}, groups: 7, picture: ['https://x/'], quota: [1] }],
    ['numbers that are none', { quota: -1 }],
    ['numbers too large', { quota: 2 ** 53, name: 2 ** 53 }],
  ])('what is %s is not said', (_, claims) => {
    expect(fromClaims({ email: 'gran@home.example', sub: 'gran', ...claims })).toStrictEqual({
      identity: gran,
    })
  })

  test('what is empty is said to be empty', () => {
    const claims = {
      email: ' gran@home.example ',
      sub: ' gran',
      name: ' ',
      groups: [],
      picture: '',
      quota: 0.5,
    }
    expect(fromClaims(claims)).toStrictEqual({
      identity: { ...gran, name: '', groups: [], picture: '', quotaBytes: 1024 ** 3 / 2 },
    })
    expect(fromClaims({ ...claims, groups: '', quota: 'none' })).toMatchObject({
      identity: { groups: [], quotaBytes: null },
    })
  })

  test('text is text: nothing in it is decoded', () => {
    const policy: Policy = { ...byClaims, nameEncoding: 'percent' }
    expect(fromClaims({ email: 'gran@home.example', sub: 'gran', name: 'Zo%C3%AB' }, policy)).toMatchObject({
      identity: { name: 'Zo%C3%AB' },
    })
    expect(fromClaims({ email: 'gran@home.example', sub: 'gran', name: 'Zoë\u202e' })).toMatchObject({
      identity: { name: 'Zoë' },
    })
  })

  test('groups are parted as the policy says, and a list by nobody', () => {
    const policy: Policy = { ...byClaims, groupSeparator: '|' }
    const said = { email: 'gran@home.example', sub: 'gran' }
    expect(fromClaims({ ...said, groups: 'a,b|c' }, policy)).toMatchObject({
      identity: { groups: ['a,b', 'c'] },
    })
    expect(fromClaims({ ...said, groups: ['a|b', ' c ', '', 'c'] }, policy)).toMatchObject({
      identity: { groups: ['a|b', 'c'] },
    })
  })

  test.each<[unknown, string]>([
    [undefined, 'no_identity'],
    [null, 'no_identity'],
    ['', 'no_identity'],
    [' ', 'no_identity'],
    ['-', 'no_identity'],
    ['{email}', 'no_identity'],
    ['gran', 'bad_email'],
    ['gran@home.example,gran@home.example', 'bad_email'],
    [['gran@home.example'], 'bad_email'],
    [{ value: 'gran@home.example' }, 'bad_email'],
    [true, 'bad_email'],
    [7, 'bad_email'],
  ])('nobody is named by the address %j', (email, code) => {
    expect(fromClaims({ email, sub: 'gran' })).toEqual({ refused: code, fromProxy: true })
  })

  test.each<[unknown, string]>([
    [undefined, 'no_id'],
    [null, 'no_id'],
    ['', 'no_id'],
    ['(null)', 'no_id'],
    ['oma zoë', 'bad_id'],
    [['gran'], 'bad_id'],
    [true, 'bad_id'],
    [2 ** 53, 'bad_id'],
    [NaN, 'bad_id'],
  ])('nobody is known by the id %j', (sub, code) => {
    expect(fromClaims({ email: 'gran@home.example', sub })).toEqual({ refused: code, fromProxy: true })
  })

  test('an id may be a number', () => {
    for (const sub of [1234, Number.MAX_SAFE_INTEGER])
      expect(fromClaims({ email: 'gran@home.example', sub })).toMatchObject({ identity: { id: String(sub) } })
  })

  test('no id is asked for where none is configured', () => {
    const policy: Policy = { ...byHeaders, assertion: { header: 'x-assertion', claims: { email: 'email' } } }
    expect(fromClaims({ email: 'gran@home.example', sub: 'a b', undefined: 'Anna' }, policy)).toStrictEqual({
      identity: { email: 'gran@home.example' },
    })
  })

  test('what every object has is no claim', () => {
    const claimNames = { email: 'email', name: 'toString', picture: '__proto__', groups: 'constructor' }
    const policy: Policy = { ...byHeaders, assertion: { header: 'x-assertion', claims: claimNames } }
    const claims = JSON.parse('{"email":"gran@home.example"}') as Record<string, unknown>
    expect(fromClaims(claims, policy)).toStrictEqual({ identity: { email: 'gran@home.example' } })
    const inherited = Object.create({ email: 'boss@home.example' }) as Record<string, unknown>
    expect(fromClaims(inherited, policy)).toEqual({ refused: 'no_identity', fromProxy: true })
  })
})
