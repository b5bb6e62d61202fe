import { expect, test } from 'vitest'
import { assertionAlgorithms } from './assertion-algorithms.ts'
import { decide } from './decide.ts'
import { aliasKey } from './header-alias.ts'
import { parseHeaderName } from './header-names.ts'
import { parseKeySource } from './key-source.ts'
import { parseNetworks } from './networks.ts'
import { presetNames } from './preset.ts'
import type { PresetName } from './preset.ts'
import { presets } from './presets.ts'

test('there is one preset for each name', () => {
  expect(presets.map(({ name }) => name).sort()).toEqual([...presetNames].sort())
  expect(presetNames[0]).toBe('custom')
})

test.each(presets)('$name names headers that may be configured, none of them twice', (preset) => {
  const { headers, assertion } = preset
  const names = [...Object.values(headers), ...(assertion ? [assertion.header] : [])]
  for (const name of names) expect(parseHeaderName(name)).toBe(name)
  expect(new Set(names.map(aliasKey)).size).toBe(names.length)
})

test.each(presets)('$name can be used as it is, and says where that is documented', (preset) => {
  expect(preset.kind).toBe(preset.assertion ? 'assertion' : 'headers')
  expect(preset.signOutUrl).toMatch(/^$|^\/(?!\/)[!-z~]*(?:\{return\})?$/)
  expect(URL.canParse(preset.source)).toBe(true)
})

const headersOnly = presets.filter(({ assertion }) => assertion === undefined)

test.each(headersOnly)('$name leaves nothing to fill in but where to sign out', ({ hints }) => {
  expect(Object.keys(hints).filter((name) => name !== 'signOutUrl')).toEqual([])
})

const signing = presets.flatMap(({ name, assertion, hints }) =>
  assertion ? [{ name, assertion, hints }] : [],
)

test.each(signing)(
  '$name says what an admin has to fill in, and what that looks like',
  ({ assertion, hints }) => {
    expect(assertionAlgorithms).toEqual(expect.arrayContaining([...assertion.algorithms]))
    for (const field of ['jwksUrl', 'issuer'] as const) {
      // Either it is the same for everybody, or there is a hint.
      expect([assertion[field], hints[field]].filter(Boolean)).toHaveLength(1)
      expect(assertion[field]).not.toMatch(/[{}]/)
    }
    const url = assertion.jwksUrl || (hints.jwksUrl ?? '').replace(/\{(?!kid\})[^}]+\}/g, 'x')
    expect(parseKeySource(url)).toHaveProperty('keys')
    expect(hints.audience).toBeDefined()
  },
)

const parsed = parseNetworks('10.3.3.7')
if (!('networks' in parsed)) throw new Error('the test names a bad network')
const { networks } = parsed

/** What is written in `lines`, byte by byte, as it comes through a proxy that adds nothing. */
function identityBy(name: PresetName, lines: string): unknown {
  const preset = presets.find((one) => one.name === name)
  if (!preset) throw new Error(`there is no preset ${name}`)
  const bytes = Buffer.from(lines, 'utf8').toString('latin1')
  const rawHeaders = ['Host', 'photos.home.example', 'Accept', '*/*']
  for (const line of bytes.split('\n').filter((one) => one.trim() !== '')) {
    const [, header = '', value = ''] = /^\s*([^:]+): ?(.*)$/.exec(line) ?? []
    rawHeaders.push(header, value)
  }
  const { headers, groupSeparator, nameEncoding } = preset
  const policy = { enabled: true, networks, headers, groupSeparator, nameEncoding }
  const verdict = decide(policy, { peer: '10.3.3.7', rawHeaders })
  return 'identity' in verdict ? verdict.identity : verdict.refused
}

const zoe = { email: 'zoe@home.example', name: 'Zoë 祖母', groups: ['family', 'admins'] }

test.each([
  [
    'a name in UTF-8',
    `Remote-User: zoe
     Remote-Groups: family,admins
     Remote-Name: Zoë 祖母
     Remote-Email: zoe@home.example`,
    zoe,
  ],
  [
    'a person without groups',
    `Remote-User: gran
     Remote-Groups:
     Remote-Name: Gran
     Remote-Email: gran@home.example`,
    { email: 'gran@home.example', name: 'Gran', groups: [] },
  ],
  [
    'a person without an e-mail address',
    `Remote-User: svc
     Remote-Groups:
     Remote-Name:
     Remote-Email:`,
    'no_identity',
  ],
  ['a path that everybody may see', ``, 'no_identity'],
  [
    'such a path behind Caddy 2.6',
    `Remote-Email: {http.reverse_proxy.header.Remote-Email}
     Remote-Name: {http.reverse_proxy.header.Remote-Name}`,
    'no_identity',
  ],
  [
    'a group that Caddy 2.6 was not told of',
    `Remote-Email: gran@home.example
     Remote-Name: {http.reverse_proxy.header.Remote-Name}
     Remote-Groups: {http.reverse_proxy.header.Remote-Groups}`,
    { email: 'gran@home.example' },
  ],
])('Authelia: %s', (_, lines, expected) => {
  expect(identityBy('authelia', lines)).toEqual(expected)
  expect(identityBy('custom', lines)).toEqual(expected)
})

test.each([
  [
    'all that it sends',
    `X-authentik-username: zoe
     X-authentik-groups: family|admins
     X-authentik-entitlements:
     X-authentik-email: zoe@home.example
     X-authentik-name: Zoë 祖母
     X-authentik-uid: 5a1d1b7f8b8d4cb7
     X-authentik-jwt: e30.e30.e30
     X-authentik-meta-jwks: https://evil.example/jwks
     X-authentik-meta-app: photos`,
    { ...zoe, id: '5a1d1b7f8b8d4cb7' },
  ],
  [
    'a comma in a group',
    `X-authentik-groups: family,admins|friends
     X-authentik-email: gran@home.example
     X-authentik-name: Gran
     X-authentik-uid: 77`,
    { email: 'gran@home.example', id: '77', name: 'Gran', groups: ['family,admins', 'friends'] },
  ],
  [
    'a person without an e-mail address',
    `X-authentik-groups:
     X-authentik-email:
     X-authentik-name: akadmin
     X-authentik-uid: 1`,
    'no_identity',
  ],
  ['a person without an id', `X-authentik-email: gran@home.example`, 'no_id'],
  ['a path on its allow list', ``, 'no_identity'],
])('authentik: %s', (_, lines, expected) => {
  expect(identityBy('authentik', lines)).toEqual(expected)
})

test.each([
  [
    'oauth2-proxy',
    `X-Auth-Request-User: 248289761001
     X-Auth-Request-Email: zoe@home.example
     X-Auth-Request-Preferred-Username: zoe
     X-Auth-Request-Groups: family,admins`,
  ],
  [
    'oauth2-proxy-upstream',
    `X-Forwarded-User: 248289761001
     X-Forwarded-Email: zoe@home.example
     X-Forwarded-Preferred-Username: zoe
     X-Forwarded-Groups: family,admins
     X-Forwarded-For: 203.0.113.9
     X-Forwarded-Proto: https`,
  ],
] as const)('%s: all that it sends', (name, lines) => {
  expect(identityBy(name, lines)).toEqual({ ...zoe, name: 'zoe' })
  const nobody = lines.replace('zoe@home.example', '')
  expect(identityBy(name, nobody)).toBe('no_identity')
  // Without claims it sends no header at all, and --prefer-email-to-user leaves out the e-mail header.
  expect(identityBy(name, lines.replace(/.*-Email:.*\n/, ''))).toBe('no_identity')
})

test.each([
  [
    'groups by its separator',
    `Remote-User: rtyler
     Remote-Email: rtyler@badwolf.org
     Remote-Name: Rose Tyler
     Remote-Groups: users; timelords`,
    { email: 'rtyler@badwolf.org', name: 'Rose Tyler', groups: ['users', 'timelords'] },
  ],
  [
    'every header doubled, as its Traefik handler does behind Caddy',
    `Remote-User: rtyler,rtyler
     Remote-Email: rtyler@badwolf.org,rtyler@badwolf.org
     Remote-Name: Rose Tyler,Rose Tyler
     Remote-Groups: users; timelords,users; timelords`,
    { email: 'rtyler@badwolf.org', name: 'Rose Tyler', groups: ['users', 'timelords'] },
  ],
  [
    'a semicolon in a group',
    `Remote-Email: gran@home.example
     Remote-Groups: family;admins`,
    { email: 'gran@home.example', groups: ['family;admins'] },
  ],
  [
    'a name in UTF-8',
    `Remote-Email: zoe@home.example
     Remote-Name: Zoë 祖母
     Remote-Groups: family; admins`,
    zoe,
  ],
  ['two people', `Remote-Email: gran@home.example,admin@home.example`, 'header_repeated'],
])('LemonLDAP::NG: %s', (_, lines, expected) => {
  expect(identityBy('lemonldap', lines)).toEqual(expected)
})

test('rauthy: all that it sends', () => {
  const lines = `x-forwarded-user: 9fXkT2bV7mQpR4sZ
    x-forwarded-user-roles: user,rauthy_admin
    x-forwarded-user-groups: family,admins
    x-forwarded-user-email: zoe@home.example
    x-forwarded-user-email-verified: true
    x-forwarded-user-family-name: Smith
    x-forwarded-user-given-name: Zoë 祖母
    x-forwarded-user-mfa: false`
  expect(identityBy('rauthy', lines)).toEqual({ ...zoe, id: '9fXkT2bV7mQpR4sZ' })
  expect(identityBy('rauthy', lines.replace('family,admins', ''))).toMatchObject({ groups: [] })
})

test('mod_auth_openidc: names in latin1, and what Apache writes for nothing', () => {
  const lines = `Remote-Email: zoe@home.example
    Remote-Name: Zoe
    Remote-Groups: family,admins`
  expect(identityBy('mod_auth_openidc', lines)).toEqual({ ...zoe, name: 'Zoe' })
  const rawHeaders = [
    'Remote-Email',
    'zoe@home.example',
    'Remote-Name',
    'Zo\xeb ?',
    'Remote-Groups',
    '(null)',
  ]
  const { headers, nameEncoding } = presets.find(({ name }) => name === 'mod_auth_openidc') ?? {}
  if (!headers || !nameEncoding) throw new Error('the preset is gone')
  const policy = { enabled: true, networks, headers, nameEncoding }
  expect(decide(policy, { peer: '10.3.3.7', rawHeaders })).toEqual({
    identity: { email: 'zoe@home.example', name: 'Zoë ?' },
  })
  expect(identityBy('mod_auth_openidc', 'Remote-Email: (null)')).toBe('no_identity')
})

test.each([
  [
    'a name beyond ASCII, in encoded words',
    `Tailscale-User-Login: zoe@home.example
     Tailscale-User-Name: =?utf-8?q?Zo=C3=AB_=E7=A5=96=E6=AF=8D?=
     Tailscale-User-Profile-Pic: https://lh3.googleusercontent.com/a/zoe=s96-c
     Tailscale-Headers-Info: https://tailscale.com/s/serve-headers`,
    {
      email: 'zoe@home.example',
      name: 'Zoë 祖母',
      picture: 'https://lh3.googleusercontent.com/a/zoe=s96-c',
    },
  ],
  [
    'a long name, in two encoded words',
    `Tailscale-User-Login: zoe@home.example
     Tailscale-User-Name: =?utf-8?q?Zo=C3=AB?= =?utf-8?q?_Smith?=`,
    { email: 'zoe@home.example', name: 'Zoë Smith' },
  ],
  [
    'a person of GitHub, without a picture',
    `Tailscale-User-Login: gran@github
     Tailscale-User-Name: Gran Smith
     Tailscale-User-Profile-Pic:`,
    { email: 'gran@github', name: 'Gran Smith', picture: '' },
  ],
  ['a machine, or a stranger by Funnel', `Tailscale-Funnel-Request: ?1`, 'no_identity'],
])('Tailscale: %s', (_, lines, expected) => {
  expect(identityBy('tailscale', lines)).toEqual(expected)
})

test.each(presetNames.filter((name) => name !== 'custom'))(
  '%s: an alias of its header helps nobody',
  (name) => {
    const { email } = presets.find((one) => one.name === name)?.headers ?? { email: '' }
    const alias = email.replace('-', '_')
    expect(identityBy(name, `${alias}: admin@home.example`)).toBe('header_alias')
  },
)
