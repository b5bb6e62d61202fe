import { expect, test } from 'vitest'
import { z } from 'zod'
import { documentOf, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { createLogger } from '../platform/logger.ts'
import { createSettings } from './settings.ts'
import { systemConfigDefaults, type SystemConfig } from './system-config.ts'

/** For each field of the section three values that differ from each other and from the default. */
const three: Record<string, [unknown, unknown, unknown]> = {
  networks: [['10.1.0.0/16'], ['10.2.0.0/16'], ['10.3.0.0/16']],
  preset: ['authelia', 'lemonldap', 'rauthy'],
  'headers.email': ['x-mail-a', 'x-mail-b', 'x-mail-c'],
  'headers.id': ['x-id-a', 'x-id-b', 'x-id-c'],
  'headers.name': ['x-name-a', 'x-name-b', 'x-name-c'],
  'headers.groups': ['x-groups-a', 'x-groups-b', 'x-groups-c'],
  'headers.picture': ['x-pic-a', 'x-pic-b', 'x-pic-c'],
  'headers.quota': ['x-quota-a', 'x-quota-b', 'x-quota-c'],
  groupSeparator: ['|', ';', '; '],
  nameEncoding: ['latin1', 'base64', 'percent'],
  'secret.header': ['x-secret-a', 'x-secret-b', 'x-secret-c'],
  'secret.values': ['a', 'b', 'c'].map((digit) => [`sha256:${digit.repeat(64)}`]) as never,
  'assertion.header': ['x-jwt-a', 'x-jwt-b', 'x-jwt-c'],
  'assertion.jwksUrl': ['https://a.example/keys', 'https://b.example/keys', '/etc/keys.json'],
  'assertion.issuer': ['https://a.example', 'https://b.example', 'https://c.example'],
  'assertion.audience': ['a', 'b', 'c'],
  'assertion.algorithms': [['RS256'], ['ES256'], ['EdDSA']],
  'assertion.claims.email': ['mail-a', 'mail-b', 'mail-c'],
  'assertion.claims.id': ['sub-a', 'sub-b', 'sub-c'],
  'assertion.claims.name': ['name-a', 'name-b', 'name-c'],
  'assertion.claims.groups': ['groups-a', 'groups-b', 'groups-c'],
  'assertion.claims.picture': ['pic-a', 'pic-b', 'pic-c'],
  'assertion.claims.quota': ['quota-a', 'quota-b', 'quota-c'],
  adminGroup: ['a', 'b', 'c'],
  memberGroup: ['a', 'b', 'c'],
  syncProfile: [['picture'], ['quota'], ['name', 'quota']],
  signOutUrl: ['https://a.example/', 'https://b.example/', '/logout'],
  allowedHosts: [['a.example'], ['b.example'], ['c.example']],
}

/** Fields of two values, and those of which one is only valid with others. */
const two: Record<string, [unknown, unknown]> = {
  enabled: [true, false],
  unixSocket: [true, false],
  autoRegister: [false, true],
  linkExisting: ['never', 'email'],
  onConflict: ['refuse', 'header'],
}
/** Three fields that make sense only together are tried in the tests of the section itself. */
const elsewhere = ['backChannelLogout.jwksUrl', 'backChannelLogout.issuer', 'backChannelLogout.audience']

const values = (path: string): [unknown, unknown, unknown] =>
  three[path] ?? [two[path]?.[0], two[path]?.[1], two[path]?.[0]]

/** What else the section needs so that any field of it may be set. */
const company = { networks: ['10.9.0.0/16'] }

const section = (path: string, value: unknown): PlainObject => documentOf([[`trustedHeader.${path}`, value]])

type Layers = { stored?: PlainObject; file?: PlainObject; environment?: PlainObject }

async function open({ stored = {}, file, environment = {} }: Layers) {
  const text = JSON.stringify(stored)
  return createSettings({
    store: { read: async () => text, write: async () => {}, replace: async () => true },
    clock: { now: () => new Date(0) },
    logger: createLogger('silent'),
    environment: { document: environment, nameOf: (path) => `VARIABLE_OF_${path}` },
    file: file && { document: file, nameOf: () => '/etc/porchlight.yaml', lineOf: () => 3 },
  })
}

const everyField = [...leavesOf(systemConfigDefaults.trustedHeader).keys()]

test('every field of the section is in the table', () => {
  const known = [...Object.keys(three), ...Object.keys(two), ...elsewhere]
  expect(known.toSorted()).toEqual(everyField.toSorted())
})

const sources = ['environment', 'file', 'stored'] as const
const sets: (typeof sources)[number][][] = [
  ['environment'],
  ['file'],
  ['stored'],
  ['environment', 'file'],
  ['environment', 'stored'],
  ['file', 'stored'],
  ['environment', 'file', 'stored'],
]
const fields = [...Object.keys(three), ...Object.keys(two)].filter((path) => path !== 'enabled')

test.each(fields)(
  '%s comes from the highest source that sets it, and only a stored one can be changed',
  async (path) => {
    const [forEnvironment, forFile, forStored] = values(path)
    const value = { environment: forEnvironment, file: forFile, stored: forStored }
    for (const set of sets) {
      const layers = Object.fromEntries(set.map((source) => [source, section(path, value[source])]))
      const settings = await open(layers)
      const highest = sources.find((source) => set.includes(source)) ?? 'stored'
      const { config } = await settings.current()
      const full = `trustedHeader.${path}`
      expect([set, leavesOf(config).get(full)]).toEqual([set, value[highest]])
      const name = { environment: `VARIABLE_OF_${full}`, file: '/etc/porchlight.yaml', stored: undefined }[
        highest
      ]
      expect((await settings.provenance())[full]).toEqual(
        name ? { source: highest, name } : { source: highest },
      )
      expect([
        set,
        await changing(settings, config, { path: full, to: other(path, value[highest]) }),
      ]).toEqual([set, name ? `Set by ${name}; change it there` : 'changed'])
    }
  },
)

const other = (path: string, now: unknown) =>
  values(path).find((value) => JSON.stringify(value) !== JSON.stringify(now))

async function changing(
  settings: Awaited<ReturnType<typeof open>>,
  config: SystemConfig,
  { path, to }: { path: string; to: unknown },
): Promise<string> {
  const leaves = [...leavesOf(config)].map(([at, value]): [string, unknown] => [at, at === path ? to : value])
  try {
    await settings.save(documentOf(leaves) as SystemConfig, 'program')
    return 'changed'
  } catch (error) {
    if (error instanceof z.ZodError) return error.issues[0]?.message ?? ''
    throw error
  }
}

const bad: [path: string, value: unknown, reason: RegExp][] = [
  ['enabled', 'yes', /expected boolean, received string/],
  ['enabled', 1, /expected boolean, received number/],
  ['networks', '10.0.0.0/33', /longer than 32 bits/],
  ['networks', ['10.3.3.7/24'], /did you mean 10\.3\.3\.0\/24/],
  ['networks', '0.0.0.0/0', /0\.0\.0\.0\/0/],
  ['networks', '::/0', /::\/0/],
  ['networks', ['*'], /"\*"/],
  ['networks', 'proxy.local', /"proxy.local"/],
  ['networks', '010.1.2.3', /octal/],
  ['networks', ['10.3.3.0/24', ''], /""/],
  ['networks', 7, /Invalid input/],
  ['preset', 'okta', /Invalid option/],
  ['headers.email', 'remote_email', /only letters, digits and dashes/],
  ['headers.email', 'Remote.Email', /only letters, digits and dashes/],
  ['headers.email', '', /only letters, digits and dashes/],
  ['headers.email', 'host', /meaning of its own/],
  ['headers.groups', 'cookie', /meaning of its own/],
  ['headers.name', 'x-forwarded-for', /meaning of its own/],
  ['headers.id', 5, /Invalid input/],
  ['groupSeparator', '', /Too small/],
  ['groupSeparator', 'abcdefghi', /Too big/],
  ['nameEncoding', 'utf8', /Invalid option/],
  ['secret.header', 'authorization', /meaning of its own/],
  ['secret.values', ['short'], /at least 32 characters/],
  ['secret.values', 'a'.repeat(40) + ' ' + 'b'.repeat(40) + ' ' + 'c'.repeat(40), /at most two values/],
  ['secret.values', ['sha256:abc'], /64 hexadecimal digits/],
  ['assertion.jwksUrl', 'ftp://keys', /https:\/\/ address/],
  ['assertion.algorithms', ['none'], /Invalid option/],
  ['assertion.algorithms', ['HS256'], /Invalid option/],
  ['assertion.claims.email', '', /Too small/],
  ['linkExisting', 'always', /Invalid option/],
  ['onConflict', true, /Invalid option/],
  ['autoRegister', 'no', /expected boolean/],
  ['adminGroup', 'a\0b', /must not hold NUL/],
  ['memberGroup', 'x'.repeat(300), /Too big/],
  ['syncProfile', ['email'], /Invalid option/],
  ['syncProfile', 'name', /expected array/],
  ['signOutUrl', 'javascript:alert(1)', /Must be empty, begin with/],
  ['signOutUrl', '//evil.example/', /Must be empty, begin with/],
  ['signOutUrl', 'https://a.example/{user}', /Must be empty, begin with/],
  ['allowedHosts', ['https://photos.example'], /A host is a name/],
  ['allowedHosts', ['*.example'], /A host is a name/],
  ['nonsense', 1, /[Uu]nrecognized/],
  ['headers.mail', 'x', /[Uu]nrecognized/],
]

test.each(bad)(
  '%s: %j is refused with the source, the path, the value and the reason',
  async (path, value, reason) => {
    const setting = `trustedHeader.${path}`
    const name = path.split('.')[0] ?? ''
    const complaint = async (layers: Layers) => {
      const failed: unknown = await open(layers).catch((error: unknown) => error)
      return failed instanceof Error ? failed.message : 'no complaint'
    }
    const whole = { trustedHeader: { ...company, ...(section(path, value)['trustedHeader'] as PlainObject) } }
    const inFile = await complaint({ file: whole })
    expect(inFile).toMatch(reason)
    expect(inFile).toMatch(/^\/etc\/porchlight\.yaml, line 3: trustedHeader/)
    expect(inFile).toContain(name)
    // A secret is not shown, and of a name that nothing has, the name is what is wrong.
    const isShown = !/^(secret\.values|nonsense|headers\.mail)$/.test(path)
    expect(inFile).toContain(isShown ? shortest(value) : '')
    expect(inFile).not.toContain('\n')
    const inEnvironment = await complaint({ environment: section(path, value) })
    expect(inEnvironment).toMatch(reason)
    expect(inEnvironment).toContain(/nrecognized/.test(inEnvironment) ? name : `VARIABLE_OF_${setting}`)

    const settings = await open({})
    const { config } = await settings.current()
    const document = documentOf([...leavesOf(config), [setting, value]]) as SystemConfig
    const refused: unknown = await settings.save(document, 'program').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(z.ZodError)
    const [issue] = (refused as z.ZodError).issues
    expect(issue?.path[0]).toBe('trustedHeader')
    expect(issue?.message).toMatch(reason)
  },
)

/** As much of the value as a one-line complaint has to show. */
function shortest(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof one === 'string' ? one.slice(0, 20).replaceAll('\0', '\\u0000') : ''
}

test('a complaint about a name that nothing has names the line of the name itself', async () => {
  const lines: Record<string, number> = { trustedHeader: 1, 'trustedHeader.memberGrup': 5 }
  const opening = createSettings({
    store: { read: async () => '{}', write: async () => {}, replace: async () => true },
    clock: { now: () => new Date(0) },
    logger: createLogger('silent'),
    environment: { document: {}, nameOf: () => '' },
    file: {
      document: { trustedHeader: { memberGrup: 'family' } },
      nameOf: () => '/etc/porchlight.yaml',
      lineOf: (path) => lines[path],
    },
  })
  await expect(opening).rejects.toThrow('/etc/porchlight.yaml, line 5: trustedHeader: Unrecognized key')
})
