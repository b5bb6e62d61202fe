import { presetNames, presets } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { deepMerge, documentOf, type PlainObject } from '../platform/deep-merge.ts'
import { createLogger } from '../platform/logger.ts'
import { createSettings } from './settings.ts'
import type { SystemConfig } from './system-config.ts'
import { presetFields } from './trusted-header-presets.ts'
import { trustedHeaderDefaults, trustedHeaderSettings } from './trusted-header-settings.ts'

type Layers = { stored?: PlainObject; file?: PlainObject; environment?: PlainObject }

async function open({ stored = {}, file, environment = {} }: Layers = {}) {
  let text = JSON.stringify({ trustedHeader: stored })
  const write = async (next: string) => void (text = next)
  const settings = await createSettings({
    store: { read: async () => text, write, replace: async () => true },
    clock: { now: () => new Date(0) },
    logger: createLogger('silent'),
    environment: { document: { trustedHeader: environment }, nameOf: () => 'VARIABLE' },
    file: file && { document: { trustedHeader: file }, nameOf: () => 'file', lineOf: () => 1 },
  })
  /** As the admin page does it: the whole document comes back with what was changed in it. */
  const save = async (changes: PlainObject) => {
    const { config } = await settings.current()
    return settings.save(deepMerge(config, { trustedHeader: changes }) as SystemConfig, 'program')
  }
  const now = async () => (await settings.current()).config.trustedHeader
  return {
    settings,
    save,
    now,
    storedNow: () => (JSON.parse(text) as { trustedHeader?: PlainObject }).trustedHeader,
  }
}

test.each(presetNames)('what the preset %s says is valid as it is', (preset) => {
  const section = deepMerge(deepMerge(trustedHeaderDefaults, presetFields(preset)), { preset })
  expect(trustedHeaderSettings.parse(section)).toEqual(section)
})

test('the preset of somebody else’s own says what the defaults say', () => {
  expect(deepMerge(trustedHeaderDefaults, presetFields('custom'))).toEqual(trustedHeaderDefaults)
  expect(presetFields('no-such-service')).toEqual({})
  expect(presets).toHaveLength(presetNames.length)
})

test('a preset fills what nobody has set, and says that it did', async () => {
  const { now, settings } = await open({ stored: { preset: 'authentik', headers: { name: 'x-called' } } })
  expect(await now()).toMatchObject({
    groupSeparator: '|',
    headers: { email: 'x-authentik-email', id: 'x-authentik-uid', name: 'x-called', picture: '' },
    signOutUrl: '/outpost.goauthentik.io/sign_out',
  })
  expect(await settings.provenance()).toMatchObject({
    'trustedHeader.preset': { source: 'stored' },
    'trustedHeader.headers.email': { source: 'preset' },
    'trustedHeader.headers.name': { source: 'stored' },
    'trustedHeader.headers.picture': { source: 'default' },
  })
})

test.each<[string, Layers]>([
  [
    'the environment',
    { environment: { preset: 'tailscale' }, file: { preset: 'authelia' }, stored: { preset: 'rauthy' } },
  ],
  ['the file', { file: { preset: 'tailscale' }, stored: { preset: 'rauthy' } }],
])('the preset of %s counts, and only its fields', async (_source, layers) => {
  const { now } = await open(layers)
  expect(await now()).toMatchObject({ headers: { email: 'tailscale-user-login' } })
})

test('another preset brings its own fields along, and keeps what somebody has set', async () => {
  const { save, now, storedNow } = await open({
    stored: { preset: 'authentik', headers: { groups: 'x-my-groups' } },
  })
  await save({ preset: 'authelia' })
  expect(await now()).toMatchObject({
    preset: 'authelia',
    groupSeparator: ',',
    signOutUrl: '',
    headers: { email: 'remote-email', id: '', groups: 'x-my-groups' },
  })
  expect(storedNow()).toEqual({ preset: 'authelia', headers: { groups: 'x-my-groups' } })
})

test('what is changed together with the preset stays as it was written', async () => {
  const { save, now } = await open()
  await save({ preset: 'authentik', headers: { email: 'x-mail' }, signOutUrl: '/out' })
  expect(await now()).toMatchObject({
    headers: { email: 'x-mail', id: 'x-authentik-uid' },
    signOutUrl: '/out',
  })
})

test('a group may be asked for in the very save that chooses a preset with groups', async () => {
  const { save, now } = await open({ stored: { preset: 'tailscale' } })
  await expect(save({ memberGroup: 'family' })).rejects.toThrow(
    'Groups are not read: name headers.groups first',
  )
  await save({ preset: 'authelia', memberGroup: 'family' })
  expect(await now()).toMatchObject({ memberGroup: 'family', headers: { groups: 'remote-groups' } })
})

test.each<[string, PlainObject, string, string]>([
  [
    'an assertion without its keys',
    { assertion: { header: 'x-jwt', issuer: 'i', audience: 'a', algorithms: ['RS256'] } },
    'assertion.jwksUrl',
    'An assertion is checked against this; it must not be empty',
  ],
  [
    'an assertion without a way of signing',
    { assertion: { header: 'x-jwt', jwksUrl: '/k', issuer: 'i', audience: 'a' } },
    'assertion.algorithms',
    'Name at least one way of signing, such as RS256',
  ],
  [
    'an assertion signed by a shared secret',
    { assertion: { algorithms: ['HS256'] } },
    'assertion.algorithms.0',
    'Invalid option: expected one of "RS256"|"RS384"|"RS512"|"PS256"|"PS384"|"PS512"|"ES256"|"ES384"|"ES512"|"EdDSA"|"Ed25519"',
  ],
  [
    'keys over plain http from the internet',
    { assertion: { jwksUrl: 'http://login.example/keys' } },
    'assertion.jwksUrl',
    'http:// is for this machine and its own network only: whoever sits on the way could hand out other keys',
  ],
  [
    'an admin group that no header names',
    { adminGroup: 'a', headers: { groups: '' } },
    'adminGroup',
    'Groups are not read: name headers.groups first',
  ],
  [
    'a member group that no claim names',
    {
      memberGroup: 'a',
      assertion: {
        header: 'x-jwt',
        jwksUrl: '/k',
        issuer: 'i',
        audience: 'a',
        algorithms: ['RS256'],
        claims: { groups: '' },
      },
    },
    'memberGroup',
    'Groups are not read: name assertion.claims.groups first',
  ],
  [
    'one header for two things',
    { headers: { id: 'remote-email' } },
    'headers.id',
    'The header remote-email is another field’s already',
  ],
  [
    'a header that is another’s alias',
    { headers: { id: 'remoteemail' } },
    'headers.id',
    'The header remote-email is another field’s already',
  ],
  [
    'a secret in a header of ours',
    { secret: { header: 'remote-name', values: ['x'.repeat(32)] } },
    'secret.header',
    'The header remote-name is another field’s already',
  ],
  [
    'a short secret',
    { secret: { values: ['x'.repeat(31)] } },
    'secret.values.0',
    'A shared secret has at least 32 characters',
  ],
  [
    'three secrets',
    { secret: { values: ['x', 'y', 'z'].map((letter) => letter.repeat(32)) } },
    'secret.values',
    'There are at most two values: the one in force, and the next',
  ],
  [
    'half a back channel',
    { backChannelLogout: { issuer: 'i' } },
    'backChannelLogout.jwksUrl',
    'Back-channel logout needs all three of its fields',
  ],
  [
    'a host with a path',
    { allowedHosts: ['photos.example/x'] },
    'allowedHosts.0',
    'A host is a name or an address, with or without a port, like photos.example.com',
  ],
  [
    'a host of wildcards',
    { allowedHosts: ['*.example'] },
    'allowedHosts.0',
    'A host is a name or an address, with or without a port, like photos.example.com',
  ],
])('%s is refused beside its field', (_what, changes, path, message) => {
  const section = deepMerge(trustedHeaderDefaults, { enabled: true, networks: ['10.3.3.7'], ...changes })
  const issues = trustedHeaderSettings.safeParse(section).error?.issues ?? []
  expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toContainEqual([path, message])
})

test.each<[string, PlainObject]>([
  ['a unix socket', { unixSocket: true }],
  ['a secret', { secret: { values: ['x'.repeat(32)] } }],
  [
    'an assertion',
    {
      assertion: {
        header: 'x-jwt',
        jwksUrl: 'https://a.example/k',
        issuer: 'i',
        audience: 'a',
        algorithms: ['RS256'],
      },
    },
  ],
])('%s is proof enough to turn it on without a network', (_what, changes) => {
  const section = deepMerge(trustedHeaderDefaults, { enabled: true, ...changes })
  expect(trustedHeaderSettings.safeParse(section).error).toBeUndefined()
})

test('hosts are kept as browsers send them, and a secret as its digest, however it was written', () => {
  const changes = documentOf([
    ['allowedHosts', 'Photos.Example:8443, [FD00::1] bücher.example'],
    ['secret.values', ` ${'x'.repeat(32)}\n${'y'.repeat(32)}`],
  ])
  const parsed = trustedHeaderSettings.parse(deepMerge(trustedHeaderDefaults, changes))
  expect(parsed.allowedHosts).toEqual(['photos.example:8443', '[fd00::1]', 'xn--bcher-kva.example'])
  expect(parsed.secret.values).toEqual([
    expect.stringMatching(/^sha256:[\da-f]{64}$/),
    expect.stringMatching(/^sha256:/),
  ])
  expect(trustedHeaderSettings.parse(parsed)).toEqual(parsed)
})
