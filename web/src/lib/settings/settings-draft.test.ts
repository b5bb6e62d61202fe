import { describe, expect, it } from 'vitest'
import type { Preset } from './presets.ts'
import type { Field } from './setting-fields.ts'
import { splitLines, valueAt, withValues } from './setting-values.ts'
import { changesOf, choosePreset, draftDocument, draftValue, freshDraft, setValue } from './settings-draft.ts'

const document = {
  ffmpeg: { crf: 23 },
  trustedHeader: {
    enabled: false,
    preset: 'custom',
    networks: ['10.3.3.0/24'],
    headers: { email: 'remote-email', groups: 'remote-groups' },
    groupSeparator: ',',
  },
}
const field = (path: string, value: Field['default']): Field => ({
  path,
  title: path.toUpperCase(),
  help: '',
  kind: 'text',
  choices: [],
  default: value,
  environment: [],
})
const fields = [
  field('trustedHeader.enabled', false),
  field('trustedHeader.preset', 'custom'),
  field('trustedHeader.headers.email', 'remote-email'),
  field('trustedHeader.headers.groups', 'remote-groups'),
  field('trustedHeader.groupSeparator', ','),
]
const email = 'trustedHeader.headers.email'

describe('what a person changes in a form', () => {
  it('leaves the document as it came while nothing was changed, and every other part when something was', () => {
    const draft = freshDraft(document)
    expect(draftDocument(draft)).toBe(document)
    expect(draftDocument(setValue(draft, email, 'x-email'))).toEqual({
      ...document,
      trustedHeader: { ...document.trustedHeader, headers: { email: 'x-email', groups: 'remote-groups' } },
    })
    expect(document.trustedHeader.headers.email).toBe('remote-email')
  })

  it('is no change any more when it is put back', () => {
    const there = setValue(freshDraft(document), email, 'x-email')
    expect(changesOf(there, fields)).toEqual([
      { path: email, title: email.toUpperCase(), before: 'remote-email', after: 'x-email' },
    ])
    expect(changesOf(setValue(there, email, 'remote-email'), fields)).toEqual([])
  })

  it('is told in the order of the form, and by its path where the form has no field for it', () => {
    const draft = [
      ['ffmpeg.crf', 30],
      [email, 'x'],
      ['trustedHeader.enabled', true],
    ] as const
    const changed = draft.reduce((made, [path, value]) => setValue(made, path, value), freshDraft(document))
    expect(changesOf(changed, fields).map(({ title }) => title)).toEqual([
      'TRUSTEDHEADER.ENABLED',
      email.toUpperCase(),
      'ffmpeg.crf',
    ])
  })

  it('can be nothing at all: a switch that is turned off counts', () => {
    const on = withValues(document, new Map([['trustedHeader.enabled', true]]))
    expect(
      draftValue(setValue(freshDraft(on), 'trustedHeader.enabled', false), 'trustedHeader.enabled'),
    ).toBe(false)
  })

  it('can be that there is no limit any more', () => {
    const limited = freshDraft({ oauth: { quota: 5 } })
    expect(draftValue(setValue(limited, 'oauth.quota', null), 'oauth.quota')).toBeNull()
  })

  it('never reaches for the prototype', () => {
    expect(valueAt(document, 'constructor.name')).toBeUndefined()
    expect(valueAt(document, 'trustedHeader.toString')).toBeUndefined()
  })

  it('takes lists one per line or by commas, and leaves judging them to the server', () => {
    expect(splitLines(' 10.3.3.0/24,\n\n10.0.0.0/33 , nonsense ')).toEqual([
      '10.3.3.0/24',
      '10.0.0.0/33',
      'nonsense',
    ])
  })
})

describe('choosing a login service', () => {
  const custom: Preset = { name: 'custom', title: 'Another', fields: {}, hints: {}, source: '' }
  const authentik: Preset = {
    ...custom,
    name: 'authentik',
    fields: { groupSeparator: '|', headers: { email: 'x-authentik-email', groups: 'x-authentik-groups' } },
  }
  const choose = (draft = freshDraft(document), provenance = {}) =>
    choosePreset(draft, { from: custom, to: authentik, fields, provenance })

  it('fills in what it sends', () => {
    const draft = choose()
    expect(draftDocument(draft)).toMatchObject({
      trustedHeader: { preset: 'authentik', ...authentik.fields },
    })
  })

  it('leaves what a person has typed', () => {
    const draft = choose(setValue(freshDraft(document), email, 'x-mine'))
    expect(draftValue(draft, email)).toBe('x-mine')
    expect(draftValue(draft, 'trustedHeader.headers.groups')).toBe('x-authentik-groups')
  })

  it('leaves what the environment sets', () => {
    const draft = choose(freshDraft(document), { [email]: { source: 'environment', name: 'X' } })
    expect(draftValue(draft, email)).toBe('remote-email')
  })

  it('is taken back by choosing the one before', () => {
    const back = choosePreset(choose(), { from: authentik, to: custom, fields, provenance: {} })
    expect(changesOf(back, fields)).toEqual([])
  })
})
