import { expect, test } from 'vitest'
import type { PlainObject } from '../platform/deep-merge.ts'
import { systemConfigDefaults } from './system-config.ts'
import { policyOf as policyOfConfig } from './trusted-header-policy.ts'
import {
  trustedHeaderDefaults,
  trustedHeaderSettings,
  type TrustedHeaderSettings,
} from './trusted-header-settings.ts'

/** Path and message of the first complaint, as the admin page shows it beside the field. */
function complaint(section: unknown): [string, string] {
  const issue = trustedHeaderSettings.safeParse(section).error?.issues[0]
  return issue ? [issue.path.join('.'), issue.message] : ['', 'no complaint']
}

const policyOf = (trustedHeader: TrustedHeaderSettings) =>
  policyOfConfig({ ...systemConfigDefaults, trustedHeader })

const withField = (changes: PlainObject): PlainObject => ({ ...trustedHeaderDefaults, ...changes })

test('the defaults are valid, and off', () => {
  expect(trustedHeaderSettings.parse(trustedHeaderDefaults)).toEqual(trustedHeaderDefaults)
  expect(trustedHeaderDefaults).toMatchObject({ enabled: false, networks: [] })
})

test.each<[unknown, string[]]>([
  ['10.3.3.0/24', ['10.3.3.0/24']],
  [' 10.3.3.0/24,\tfd00:3::/32 \n', ['10.3.3.0/24', 'fd00:3::/32']],
  [
    ['10.3.3.7', ' fd00::1 '],
    ['10.3.3.7/32', 'fd00::1/128'],
  ],
  [
    ['::ffff:10.3.3.0/120', 'FD00:0003:0::/32'],
    ['10.3.3.0/24', 'fd00:3::/32'],
  ],
  [['10.3.3.7', '10.3.3.7/32'], ['10.3.3.7/32']],
  ['', []],
  [[], []],
])('networks written as %j are kept as %j', (networks, kept) => {
  expect(trustedHeaderSettings.parse(withField({ networks })).networks).toEqual(kept)
})

const notAnAddress = 'it is not an address; names are not looked up'
const fourNumbers = 'an IPv4 address has four numbers, as in 10.3.3.7'
const wide = 'it is wider than any private network'
test.each<[string, string]>([
  ['10.0.0.0/33', 'the prefix length is longer than 32 bits'],
  ['010.1.2.3', 'some programs read numbers with leading zeros as octal; did you mean 10.1.2.3?'],
  [
    '10.3.3.7/24',
    '10.3.3.7 is one address inside that network, not its beginning; did you mean 10.3.3.0/24 or 10.3.3.7/32?',
  ],
  ['10.3.3', fourNumbers],
  ['10', fourNumbers],
  ['256.1.1.1', 'each number of an IPv4 address is 0 to 255'],
  ['0x0a.0.0.1', 'hexadecimal numbers are not understood in IPv4 addresses'],
  ['10.3.3.0/', 'there is no prefix length after the slash'],
  ['10.3.3.0/-1', 'the prefix length after the slash is not a whole number'],
  ['10.3.3.0/024', 'the prefix length has a leading zero'],
  ['10.3.3.0/24/8', 'there is more than one slash'],
  ['10.3.3.0/255.255.255.0', 'a netmask is not understood; write a prefix length, as in 10.3.3.0/24'],
  ['/24', 'there is no address before the slash'],
  ['10.3.3.*', 'wildcards are not understood; write a prefix length, as in 10.3.3.0/24'],
  ['10.3.3.1-10.3.3.9', 'ranges with a dash are not understood; write a prefix length'],
  ['10.3.3.7:443', 'a peer has no fixed port; did you mean 10.3.3.7?'],
  ['[fd00::1]', 'brackets belong to URLs; did you mean fd00::1?'],
  ['fe80::1%eth0', 'a zone names an interface, not a network; did you mean fe80::1?'],
  ['fd00:::1', 'it is not an IPv6 address'],
  ['fd00::/129', 'the prefix length is longer than 128 bits'],
  [
    '::ffff:10.0.0.0/8',
    'for IPv4 written as IPv6 the prefix length is at least 96; did you mean 10.0.0.0/8?',
  ],
  ['proxy', notAnAddress],
  ['localhost', notAnAddress],
  ['*', 'wildcards are not understood; write a prefix length, as in 10.3.3.0/24'],
  ['0.0.0.0/0', 'it trusts every IPv4 address there is, so anyone could name themselves'],
  ['::/0', 'it trusts every IPv6 address there is, so anyone could name themselves'],
  ['::/80', 'it also covers every IPv4 address written as IPv6'],
  ['128.0.0.0/1', `${wide} (/8), so strangers could be in it`],
  ['2000::/3', `${wide} (/7), so strangers could be in it`],
])('the network %s is refused, by its place and its reason', (entry, reason) => {
  const message = `${JSON.stringify(entry)}: ${reason}`
  expect(complaint(withField({ enabled: true, networks: ['10.3.3.0/24', entry] }))).toEqual([
    'networks.1',
    message,
  ])
  expect(complaint(withField({ networks: `10.3.3.0/24, ${entry}` }))).toEqual(['networks', message])
})

const noProof =
  'Name at least one network before turning this on, or another proof that it is the proxy (unixSocket, secret, assertion)'
test.each<[string, PlainObject, string, string]>([
  [
    'an empty entry',
    { networks: '10.3.3.0/24,,' },
    'networks',
    '"": it is empty; is there a comma too many?',
  ],
  [
    'an empty entry in a list',
    { networks: [''] },
    'networks.0',
    '"": it is empty; is there a comma too many?',
  ],
  [
    'two in one',
    { networks: ['10.0.0.0/8 10.3.3.7'] },
    'networks.0',
    'it holds more than one entry; write them apart',
  ],
  [
    'a no-break space',
    { networks: ['10.3.3.7\u00a0'] },
    'networks.0',
    'it holds a character that belongs in no address (U+00A0)',
  ],
  [
    'a line break in a name',
    { networks: ['a\nb\u202e'] },
    'networks.0',
    'it holds a character that belongs in no address (U+202E)',
  ],
  ['a number', { networks: 10 }, 'networks', 'Invalid input'],
  ['a list of numbers', { networks: [10] }, 'networks', 'Invalid input'],
  ['nothing', { networks: null }, 'networks', 'Invalid input'],
  ['on without networks', { enabled: true }, 'networks', noProof],
  ['on with a blank text', { enabled: true, networks: ' ' }, 'networks', noProof],
  [
    'a word for the switch',
    { enabled: 'true' },
    'enabled',
    'Invalid input: expected boolean, received string',
  ],
  ['a number for the switch', { enabled: 1 }, 'enabled', 'Invalid input: expected boolean, received number'],
  ['a misspelt name', { netwroks: [] }, '', 'Unrecognized key: "netwroks"'],
  [
    'a header nobody reads yet',
    { headers: { ...trustedHeaderDefaults.headers, phone: 'x' } },
    'headers',
    'Unrecognized key: "phone"',
  ],
  [
    'no header at all',
    { headers: {} },
    'headers.email',
    'Invalid input: expected string, received undefined',
  ],
  [
    'another way to link',
    { linkExisting: 'always' },
    'linkExisting',
    'Invalid option: expected one of "email"|"never"',
  ],
  [
    'another rule of conflict',
    { onConflict: 'session' },
    'onConflict',
    'Invalid option: expected one of "header"|"refuse"',
  ],
  [
    'registering by a word',
    { autoRegister: 'yes' },
    'autoRegister',
    'Invalid input: expected boolean, received string',
  ],
])('%s is refused', (_what, changes, path, message) => {
  const [where, what] = complaint(withField(changes))
  expect(where).toBe(path)
  expect(what.slice(-message.length)).toBe(message)
  expect(what).toMatch(/^[ -~]*$/)
})

test.each([
  'remote_email',
  'Remote.Email',
  '',
  ' ',
  '-',
  'remote email',
  'rémote',
  'e\u212Ay',
  'a:b',
  'x\r\ny',
])('a header called %j is refused', (email) => {
  expect(complaint(withField({ headers: { ...trustedHeaderDefaults.headers, email } }))).toEqual([
    'headers.email',
    'A header name has only letters, digits and dashes, like remote-email',
  ])
})

test.each([
  'javascript:alert(1)',
  '//evil.example',
  '/\\evil.example',
  '/{user}',
  '/log out',
  'https://{portal}/logout',
  'auth.home.example',
  'https://',
  'https:// x',
  'ftp://x',
])('signing out cannot lead to %j', (signOutUrl) => {
  expect(complaint(withField({ signOutUrl }))).toEqual([
    'signOutUrl',
    'Must be empty, begin with https:// or http://, or be a path like /oauth2/sign_out; of braces it may hold {return}',
  ])
})

test('a header name is kept in lower case, as it is compared', () => {
  const settings = trustedHeaderSettings.parse(
    withField({
      headers: { ...trustedHeaderDefaults.headers, email: 'X-Remote-Email' },
      networks: '10.3.3.7',
    }),
  )
  expect(policyOf(settings)).toMatchObject({ enabled: false, headers: { email: 'x-remote-email' } })
  expect(policyOf(settings).networks.contains('::ffff:10.3.3.7')).toBe(true)
})

test.each(['host', 'Authorization', 'from', 'referer', 'X-Forwarded-For', 'sec-fetch-site', '-host-'])(
  'the header %s, which means something else, cannot become the identity',
  (email) => {
    const message = `The header ${email.toLowerCase()} has a meaning of its own; name one that only the proxy sets, like remote-email`
    expect(complaint(withField({ headers: { ...trustedHeaderDefaults.headers, email } }))).toEqual([
      'headers.email',
      message,
    ])
  },
)

test.each(['x-forwarded-email', 'x-forwarded-user', 'x-auth-request-email', 'x-authentik-email'])(
  'the header %s of a login service can be the identity',
  (email) => {
    expect(
      trustedHeaderSettings.parse(withField({ headers: { ...trustedHeaderDefaults.headers, email } }))
        .headers,
    ).toMatchObject({ email })
  },
)

test('networks that together hold half the world are refused at the entry that goes too far', () => {
  const networks = Array.from({ length: 255 }, (_, index) => `${index + 1}.0.0.0/8`)
  const message =
    '"2.0.0.0/8": with it, the list trusts more public IPv4 addresses than a /8 holds, so strangers could be in it'
  expect(complaint(withField({ enabled: true, networks }))).toEqual(['networks.1', message])
  expect(complaint(withField({ enabled: true, networks: networks.join() }))).toEqual(['networks', message])
})

test('each bad network of a list is told at its own place', () => {
  const { error } = trustedHeaderSettings.safeParse(withField({ networks: ['x', '10.3.3.7', 'y', ''] }))
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['networks.0', 'networks.2', 'networks.3'])
})

test.each([['x,'.repeat(900)], [Array.from({ length: 900 }, () => 'x')]])(
  'very many bad networks give a short answer',
  (networks) => {
    const { error } = trustedHeaderSettings.safeParse(withField({ networks }))
    expect(error?.issues).toHaveLength(20)
  },
)

test.each([
  ['text', 'networks', 'x,'.repeat(1_500_000)],
  ['list', 'networks.100000', Array.from({ length: 750_000 }, () => 'x')],
])('three million characters of networks as %s hold nobody up', (_form, path, networks) => {
  const start = performance.now()
  const { error } = trustedHeaderSettings.safeParse(withField({ networks }))
  expect(performance.now() - start).toBeLessThan(500)
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
})
