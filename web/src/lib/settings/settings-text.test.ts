import { describe, expect, it } from 'vitest'
import type { Section } from './setting-fields.ts'
import { exportText } from './settings-export.ts'
import { importOf } from './settings-import.ts'
import { freshDraft } from './settings-draft.ts'
import { toYaml } from './settings-yaml.ts'

describe('settings as YAML', () => {
  it('writes names, lists and texts as a person would', () => {
    expect(
      toYaml({
        trustedHeader: {
          enabled: true,
          networks: ['10.3.3.7/32'],
          headers: { email: 'remote-email' },
          hosts: [],
        },
      }),
    ).toBe(
      'trustedHeader:\n  enabled: true\n  networks:\n    - "10.3.3.7/32"\n  headers:\n    email: remote-email\n  hosts: []\n',
    )
  })

  it.each([
    '',
    'yes',
    'NO',
    'null',
    '~',
    ' a',
    'a ',
    'a: b',
    'a #b',
    '- a',
    '{return}',
    '"',
    "'",
    '1e3',
    '0x1',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
    'a\nb',
  ])('quotes %j, which YAML would take for something else', (text) => {
    expect(toYaml({ text })).toBe(`text: ${JSON.stringify(text)}\n`)
  })
})

const section: Section = {
  key: 'trustedHeader',
  slug: 'trusted-header',
  title: '',
  help: '',
  fields: [
    {
      path: 'trustedHeader.networks',
      title: '',
      help: '',
      kind: 'lines',
      choices: [],
      default: [],
      environment: [],
    },
    {
      path: 'trustedHeader.preset',
      title: '',
      help: '',
      kind: 'choice',
      choices: [],
      default: 'custom',
      environment: [],
    },
  ],
}
const document = { trustedHeader: { networks: ['10.3.3.7/32'], preset: 'custom' }, ffmpeg: { crf: 23 } }

describe('export', () => {
  it('holds what differs from the defaults, or everything that has a form', () => {
    expect(exportText([section], document, { all: false, as: 'yaml' })).toBe(
      'trustedHeader:\n  networks:\n    - "10.3.3.7/32"\n',
    )
    expect(JSON.parse(exportText([section], document, { all: true, as: 'json' }))).toEqual({
      trustedHeader: { networks: ['10.3.3.7/32'], preset: 'custom' },
    })
  })

  it('says so when there is nothing', () => {
    const plain = { trustedHeader: { networks: [], preset: 'custom' } }
    expect(exportText([section], plain, { all: false, as: 'yaml' })).toMatch(/^# /)
    expect(exportText([section], plain, { all: false, as: 'json' })).toBe('{}\n')
  })
})

describe('import', () => {
  const base = { draft: freshDraft(document), fields: section.fields, provenance: {} }

  it('takes a list that is written as text, the preset before all else, and leaves unknown names', () => {
    const file = {
      trustedHeader: { networks: '10.1.1.1/32, fd00::1', preset: 'authelia', nonsense: 1 },
      ffmpeg: { crf: 30 },
    }
    expect(importOf(base, file).values).toEqual([
      ['trustedHeader.preset', 'authelia'],
      ['trustedHeader.networks', ['10.1.1.1/32', 'fd00::1']],
      ['ffmpeg.crf', 30],
    ])
  })

  it('cannot change what the environment sets, and says so only where it would', () => {
    const provenance = { 'trustedHeader.networks': { source: 'environment', name: 'NETS' } } as const
    const locked = (networks: string[]) => importOf({ ...base, provenance }, { trustedHeader: { networks } })
    expect(locked(['10.3.3.7/32'])).toEqual({ values: [], locked: [] })
    expect(locked(['10.9.9.9/32'])).toEqual({
      values: [],
      locked: [{ path: 'trustedHeader.networks', why: 'Set by NETS' }],
    })
  })
})
