import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { configSchema, type JsonSchema } from './config-schema.ts'
import { effectiveSections } from './effective-sections.ts'
import { environmentSettings } from './environment-settings.ts'
import { settingNotes } from './setting-notes.ts'
import { settingsPage } from './settings-page.ts'
import { systemConfigDefaults } from './system-config.ts'

/** The docs are written by this test: `UPDATE_DOCS=1 npx vitest run --project unit config-schema`. */
const docs = join(import.meta.dirname, '../../../docs')

function expectWritten(name: string, text: string): void {
  const file = join(docs, name)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8'), `docs/${name} is out of date; UPDATE_DOCS=1 writes it anew`).toBe(text)
}

type Leaf = JsonSchema & { title: string; default: unknown }

function settingsOf(schema: JsonSchema, path = ''): [string, Leaf][] {
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, one]) => {
    const at = path + key
    if (one.properties !== undefined) return settingsOf(one, `${at}.`)
    return 'default' in one ? [[at, one as Leaf]] : []
  })
}

const settings = settingsOf(configSchema())

test('the schema for editors and the page of settings are what the server validates with', () => {
  expectWritten('porchlight.schema.json', `${JSON.stringify(configSchema(), undefined, 2)}\n`)
  expectWritten('settings.md', settingsPage(configSchema()))
  expect(settings.length).toBeGreaterThan(40)
})

test('every setting of the trusted header is there, with the default that is in force', () => {
  const wanted = leavesOf({ trustedHeader: systemConfigDefaults.trustedHeader })
  const found = settings.filter(([path]) => path.startsWith('trustedHeader.'))
  expect(Object.fromEntries(found.map(([path, leaf]) => [path, leaf.default]))).toEqual(
    Object.fromEntries(wanted),
  )
})

test('every setting has a name and a sentence for people, and no name is left of one that went', () => {
  const known = new Set(settings.map(([path]) => path))
  const groups = new Set(
    [...known].flatMap((path) => path.split('.').map((_, n, all) => all.slice(0, n).join('.'))),
  )
  expect([...known].filter((path) => settingNotes[path] === undefined)).toEqual([])
  expect(Object.keys(settingNotes).filter((path) => !known.has(path) && !groups.has(path))).toEqual([])
  expect(settings.filter(([, leaf]) => typeof leaf.description !== 'string').map(([path]) => path)).toEqual(
    [],
  )
  const titles = settings.map(([path, { title }]) => `${path.split('.')[0]}: ${title}`)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
})

test('nothing is asked for: a file may hold any part', () => {
  expect(JSON.stringify(configSchema())).not.toContain('"required"')
})

test('a name that Immich has and that does nothing here is let pass, a misspelt one is not', () => {
  const { properties, additionalProperties } = configSchema() as {
    properties: PlainObject
    additionalProperties: boolean
  }
  expect(Object.keys(properties).sort()).toEqual(Object.keys(systemConfigDefaults).sort())
  expect(additionalProperties).toBe(false)
  expect(Object.keys(effectiveSections)).not.toContain('machineLearning')
})

const samples: Record<string, string> = {
  PORCHLIGHT_TRUSTED_HEADER: 'true',
  PORCHLIGHT_TRUSTED_NETWORKS: '10.3.3.0/24',
  IMMICH_TRUSTED_REMOTE_NETWORKS: '10.3.3.0/24',
  PORCHLIGHT_TRUSTED_HEADER_PRESET: 'authelia',
  PORCHLIGHT_TRUSTED_HEADER_SECRET: 'a lamp over the door, and an apple cake',
  PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: import.meta.filename,
}
const named = settings.flatMap(([path, leaf]) => {
  const names = (leaf['x-environment'] ?? []) as string[]
  return names.map((name) => ({ path, name }))
})

test.each(named)('$name sets $path, as the schema says', async ({ path, name }) => {
  const environment = parseEnvironment({ [name]: samples[name] ?? 'no sample' })
  const { document, nameOf } = await environmentSettings(environment)
  expect([...leavesOf(document).keys()]).toContain(path)
  expect(nameOf(path)).toBe(name)
})
