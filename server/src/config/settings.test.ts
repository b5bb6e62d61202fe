import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { PlainObject } from '../platform/deep-merge.ts'
import { StartProblem } from '../platform/environment.ts'
import { createLogger } from '../platform/logger.ts'
import { createSettings, type Settings } from './settings.ts'
import { systemConfigDefaults } from './system-config.ts'

/** What another server, or an older version, left in the database. */
let storedText = '{}'
let now = new Date('2026-11-23T12:00:00Z')
let log = ''
const sink = new Writable({
  write(chunk, _encoding, done) {
    log += String(chunk)
    done()
  },
})
beforeEach(() => {
  storedText = '{}'
  now = new Date('2026-11-23T12:00:00Z')
  log = ''
})
/** Whatever is logged, a test must have asked for. */
afterEach(() => {
  if (log !== '') throw new Error(`unexpected in the log: ${log}`)
})

type Layers = { stored?: PlainObject | string; file?: PlainObject; environment?: PlainObject }

async function open({ stored = {}, file, environment = {} }: Layers = {}) {
  storedText = typeof stored === 'string' ? stored : JSON.stringify(stored)
  const store = {
    read: async () => storedText,
    write: async (text: string) => {
      storedText = text
    },
    replace: async (before: string, after: string) => {
      if (storedText !== before) return false
      storedText = after
      return true
    },
  }
  return createSettings({
    store,
    clock: { now: () => now },
    logger: createLogger('warn', sink),
    environment: { document: environment, nameOf: (field) => `VARIABLE_OF_${field}` },
    file: file && { document: file, nameOf: () => '/etc/porchlight.yaml' },
  })
}

const header = (section: PlainObject): PlainObject => ({ trustedHeader: section })
const lan = '10.3.3.0/24'
const vpn = 'fd00:3::/32'
const takeLog = () => {
  const said = log
  log = ''
  return said
}

test('with nothing set, everything is as the defaults say, and the header is off', async () => {
  const { config, policy } = await (await open()).current()
  expect(config).toEqual(systemConfigDefaults)
  expect(policy).toMatchObject({ enabled: false, headers: { email: 'remote-email' } })
  expect(policy.networks.contains('127.0.0.1')).toBe(false)
})

test('each field comes from the highest source that sets it', async () => {
  const settings = await open({
    stored: header({ networks: ['10.1.0.0/16'], autoRegister: false, signOutUrl: 'https://stored.example/' }),
    file: header({ networks: [lan], signOutUrl: 'https://file.example/' }),
    environment: header({ networks: vpn, enabled: true }),
  })
  const { config, policy } = await settings.current()
  expect(config.trustedHeader).toEqual({
    ...systemConfigDefaults.trustedHeader,
    enabled: true,
    networks: [vpn],
    signOutUrl: 'https://file.example/',
    autoRegister: false,
  })
  expect(policy.networks.entries).toEqual([vpn])
  expect(await settings.provenance()).toMatchObject({
    'trustedHeader.enabled': { source: 'environment', name: 'VARIABLE_OF_trustedHeader.enabled' },
    'trustedHeader.networks': { source: 'environment', name: 'VARIABLE_OF_trustedHeader.networks' },
    'trustedHeader.signOutUrl': { source: 'file', name: '/etc/porchlight.yaml' },
    'trustedHeader.autoRegister': { source: 'stored' },
    'trustedHeader.onConflict': { source: 'default' },
    'server.loginPageMessage': { source: 'default' },
  })
})

test('an empty list in a higher source is a list, not silence', async () => {
  const settings = await open({ stored: header({ networks: [lan] }), file: header({ networks: [] }) })
  expect((await settings.current()).config.trustedHeader.networks).toEqual([])
})

test('a document is taken whole, kept as what differs, and in force at once', async () => {
  const settings = await open()
  const saved = await settings.save(
    {
      ...systemConfigDefaults,
      trustedHeader: { ...systemConfigDefaults.trustedHeader, enabled: true, networks: [lan] },
    },
    'program',
  )
  expect(saved.trustedHeader.networks).toEqual([lan])
  expect(JSON.parse(storedText)).toEqual(header({ enabled: true, networks: [lan] }))
  expect((await settings.current()).policy.networks.contains('10.3.3.7')).toBe(true)
  await settings.save(systemConfigDefaults, 'program')
  expect(storedText).toBe('{}')
  expect((await settings.current()).policy.enabled).toBe(false)
})

test('what another server saves counts at the next request', async () => {
  const settings = await open()
  storedText = JSON.stringify(header({ enabled: true, networks: [lan] }))
  expect((await settings.current()).policy.enabled).toBe(true)
})

test('a field that file or environment sets cannot be saved, and the message says where to change it', async () => {
  const settings = await open({
    file: header({ signOutUrl: 'https://file.example/' }),
    environment: header({ networks: lan, enabled: true }),
  })
  const { config } = await settings.current()
  const changed = { ...config.trustedHeader, networks: [vpn], signOutUrl: '', autoRegister: false }
  const refused = await settings
    .save({ ...config, trustedHeader: changed }, 'program')
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(z.ZodError)
  expect((refused as z.ZodError).issues).toMatchObject([
    {
      path: ['trustedHeader', 'networks'],
      message: 'Set by VARIABLE_OF_trustedHeader.networks; change it there',
    },
    { path: ['trustedHeader', 'signOutUrl'], message: 'Set by /etc/porchlight.yaml; change it there' },
  ])
  expect(storedText).toBe('{}')
})

test('the rest of the document can be saved beside locked fields, which are not copied', async () => {
  const settings = await open({ environment: header({ networks: '10.3.3.0/24,fd00:3::/32', enabled: true }) })
  const { config } = await settings.current()
  await settings.save(
    { ...config, trustedHeader: { ...config.trustedHeader, autoRegister: false } },
    'program',
  )
  expect(JSON.parse(storedText)).toEqual(header({ autoRegister: false }))
})

test('a rule over two fields counts for the whole, wherever each comes from', async () => {
  const settings = await open({ file: header({ enabled: true, networks: [lan] }) })
  const other = await open({ stored: header({ networks: [lan] }), file: header({ enabled: true }) })
  expect((await settings.current()).policy.enabled).toBe(true)
  expect((await other.current()).policy.enabled).toBe(true)
  const { config } = await other.current()
  const emptied = { ...config, trustedHeader: { ...config.trustedHeader, networks: [] } }
  await expect(other.save(emptied, 'program')).rejects.toMatchObject({
    issues: [
      {
        path: ['trustedHeader', 'networks'],
        message: expect.stringContaining('Name at least one network before turning this on'),
      },
    ],
  })
  expect(JSON.parse(storedText)).toEqual(header({ networks: [lan] }))
})

test.each<[string, string]>([
  ['a network that is none', JSON.stringify(header({ enabled: true, networks: ['10.0.0.0/33'] }))],
  ['no network at all', JSON.stringify(header({ enabled: true }))],
  ['a field nobody knows', JSON.stringify(header({ network: lan }))],
  ['half a document', '{"trustedHeader": {"enab'],
])(
  'with %s in the database the last good settings stay in force, and that is said once',
  async (_what, text) => {
    const settings = await open({ stored: header({ enabled: true, networks: [lan] }) })
    storedText = text
    for (let request = 0; request < 3; request++) {
      expect((await settings.current()).policy.networks.entries).toEqual([lan])
    }
    expect(await settings.provenance()).toMatchObject({ 'trustedHeader.networks': { source: 'stored' } })
    expect(takeLog().match(/were not put in force/g)).toHaveLength(1)
    storedText = '{}'
    expect((await settings.current()).policy.enabled).toBe(false)
  },
)

test.each<[string, string]>([
  ['a field nobody knows', JSON.stringify(header({ network: lan, autoRegister: false }))],
  ['half a document', '{"trustedHeader": {"enab'],
])('with %s in the database the server starts on file and environment alone', async (_what, stored) => {
  const settings = await open({ stored, environment: header({ networks: vpn, enabled: true }) })
  expect(takeLog()).toContain('they are left out')
  expect((await settings.current()).policy.networks.entries).toEqual([vpn])
  expect(await settings.provenance()).toMatchObject({ 'trustedHeader.headers.email': { source: 'default' } })
})

test('a stored text that is no document counts as nothing', async () => {
  expect((await (await open({ stored: '[1]' })).current()).config).toEqual(systemConfigDefaults)
})

const file = '/etc/porchlight.yaml'
test.each<[string, Layers, string]>([
  [
    'a bad network in the variable',
    { environment: header({ networks: '10.3.3.0/24 10.0.0.0/33', enabled: true }) },
    'VARIABLE_OF_trustedHeader.networks: "10.0.0.0/33": the prefix length is longer than 32 bits',
  ],
  [
    'a bad network in the file',
    { file: header({ enabled: true, networks: [lan, '010.1.2.3'] }) },
    `${file}: trustedHeader.networks.1: "010.1.2.3": some programs read numbers with leading zeros as octal; did you mean 10.1.2.3?`,
  ],
  [
    'a bad network in the file as text',
    { file: header({ enabled: true, networks: '10.3.3.7/24' }) },
    `${file}: trustedHeader.networks: "10.3.3.7/24": 10.3.3.7 is one address inside that network, not its beginning; did you mean 10.3.3.0/24 or 10.3.3.7/32?`,
  ],
  [
    'the switch on in the variable, without networks',
    { environment: header({ enabled: true }) },
    'VARIABLE_OF_trustedHeader.enabled: trustedHeader.networks: Name at least one network before turning this on',
  ],
  [
    'the switch on in the variable, and an empty list in the file',
    { environment: header({ enabled: true }), file: header({ networks: [] }) },
    `${file}: trustedHeader.networks: Name at least one network before turning this on`,
  ],
  [
    'the switch on in the file, without networks',
    { file: header({ enabled: true }) },
    `${file}: trustedHeader.networks: Name at least one network before turning this on`,
  ],
  [
    'a misspelt name in the file, beside a variable',
    { file: header({ netwroks: [lan] }), environment: header({ networks: lan, enabled: true }) },
    `${file}: trustedHeader: Unrecognized key: "netwroks"`,
  ],
  ['a word for the section', { file: { trustedHeader: 'on' } }, `${file}: trustedHeader: Invalid input: `],
  ['nothing for the section', { file: { trustedHeader: null } }, `${file}: trustedHeader: Invalid input: `],
  [
    'a word for the section, beside a variable',
    { file: { trustedHeader: 'on' }, environment: header({ networks: lan, enabled: true }) },
    `${file}: trustedHeader`,
  ],
  [
    'a word for a number elsewhere',
    { file: { trash: { days: 'thirty' } } },
    `${file}: trash.days: Invalid input: expected number, received string`,
  ],
])('%s stops the start', async (_what, layers, message) => {
  for (const stored of [{}, header({ autoRegister: false })]) {
    const failure: unknown = await open({ ...layers, stored }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartProblem)
    expect((failure as Error).message.slice(0, message.length)).toBe(message)
    expect((failure as Error).message).not.toContain('\n')
  }
})

const withSection = async (settings: Settings, section: PlainObject) => {
  const { config } = await settings.current()
  return { ...config, trustedHeader: { ...config.trustedHeader, ...section } }
}
const admin = { by: 'admin', vouched: false }
const passSeconds = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}

test('a change to sign-in holds at once, and ends after a minute that nobody confirmed it in', async () => {
  const settings = await open({ stored: header({ networks: [lan], enabled: true }) })
  const rolledBack: unknown[] = []
  settings.onRollback(({ changed }) => rolledBack.push(changed))
  await settings.save(await withSection(settings, { networks: [vpn] }), admin)
  passSeconds(59)
  expect((await settings.current()).config.trustedHeader.networks).toEqual([vpn])
  expect(await settings.probation()).toMatchObject({ changed: ['trustedHeader.networks'], by: 'admin' })
  passSeconds(1)
  expect((await settings.current()).config.trustedHeader.networks).toEqual([lan])
  expect(await settings.probation()).toBeUndefined()
  expect(JSON.parse(storedText)).toEqual(header({ networks: [lan], enabled: true }))
  expect(rolledBack).toEqual([['trustedHeader.networks']])
  expect(takeLog()).toContain('the old ones are back')
})

test('confirmed, it stays; undone, it goes at once; and each only while it runs', async () => {
  const settings = await open()
  await settings.save(await withSection(settings, { networks: [lan] }), admin)
  const first = await settings.probation()
  expect(await settings.endProbation('another', 'keep')).toBe(false)
  expect(await settings.endProbation(first?.id ?? '', 'keep')).toBe(true)
  expect(await settings.endProbation(first?.id ?? '', 'keep')).toBe(false)
  passSeconds(3600)
  expect((await settings.current()).config.trustedHeader.networks).toEqual([lan])
  await settings.save(await withSection(settings, { networks: [vpn] }), admin)
  expect(await settings.endProbation((await settings.probation())?.id ?? '', 'undo')).toBe(true)
  expect((await settings.current()).config.trustedHeader.networks).toEqual([lan])
})

test('a server that was killed meanwhile rolls back when it is there again', async () => {
  const settings = await open({ stored: header({ networks: [lan], enabled: true }) })
  await settings.save(await withSection(settings, { networks: [vpn] }), admin)
  passSeconds(61)
  const again = await open({ stored: storedText })
  expect((await again.current()).config.trustedHeader.networks).toEqual([lan])
  takeLog()
})

test('what is no matter of signing in is on no probation, and outlives one that is rolled back', async () => {
  const settings = await open()
  await settings.save(await withSection(settings, { networks: [lan] }), admin)
  const { config } = await settings.current()
  await settings.save({ ...config, theme: { customCss: 'body {}' } }, admin)
  passSeconds(60)
  const { theme, trustedHeader } = (await settings.current()).config
  expect([theme.customCss, trustedHeader.networks]).toEqual(['body {}', []])
  takeLog()
})

test('what an API key or the command line changes needs nobody to confirm it, and waits for what does', async () => {
  const settings = await open()
  await settings.save(await withSection(settings, { networks: [lan] }), admin)
  const change = await withSection(settings, { networks: [vpn] })
  await expect(settings.save(change, 'program')).rejects.toMatchObject({ status: 409, code: 'on_probation' })
  expect((await settings.current()).onProbation).toBe(true)
  await settings.endProbation((await settings.probation())?.id ?? '', 'undo')
  await settings.save(change, 'program')
  expect(await settings.probation()).toBeUndefined()
  passSeconds(60)
  const { config, onProbation } = await settings.current()
  expect([config.trustedHeader.networks, onProbation]).toEqual([[vpn], undefined])
})

test('a key of few rights changes nothing about signing in, and the rest as ever', async () => {
  const settings = await open()
  const change = await withSection(settings, { networks: [lan] })
  await expect(settings.save(change, 'limited-program')).rejects.toMatchObject({ status: 403 })
  expect(storedText).toBe('{}')
  const { config } = await settings.current()
  await settings.save({ ...config, theme: { customCss: 'b {}' } }, 'limited-program')
  expect((await settings.current()).config.theme.customCss).toBe('b {}')
})

test('a changed file is in force at once; one that does not validate changes nothing', async () => {
  const settings = await open({ file: header({ networks: [lan] }), stored: header({ autoRegister: false }) })
  const nameOf = () => '/etc/porchlight.yaml'
  settings.takeFile({ document: header({ networks: [vpn] }), nameOf })
  expect((await settings.current()).config.trustedHeader).toMatchObject({
    networks: [vpn],
    autoRegister: false,
  })
  const bad = { document: header({ enabled: 'yes' }), nameOf, lineOf: () => 7 }
  expect(() => settings.takeFile(bad)).toThrow(
    new StartProblem(
      '/etc/porchlight.yaml, line 7: trustedHeader.enabled: Invalid input: expected boolean, received string (it is "yes")',
    ),
  )
  expect((await settings.current()).config.trustedHeader.networks).toEqual([vpn])
  settings.takeFile({ document: {}, nameOf })
  expect((await settings.current()).config.trustedHeader.networks).toEqual([])
})
