import type { ProvenanceDto } from '../api/api-types.ts'
import { presetValue, type Preset } from './presets.ts'
import type { Field, SettingValue } from './setting-fields.ts'
import { lockOf } from './setting-origin.ts'
import { sameValue, valueAt, withValues, type Changes, type SettingsDocument } from './setting-values.ts'

/** What is in force, and what a person has changed of it in a form and not saved yet. */
export type Draft = { document: SettingsDocument; changes: Changes }

export type Change = { path: string; title: string; before: SettingValue | undefined; after: SettingValue }

export const freshDraft = (document: SettingsDocument): Draft => ({ document, changes: new Map() })

export const draftValue = ({ document, changes }: Draft, path: string): SettingValue | undefined =>
  changes.has(path) ? changes.get(path) : valueAt(document, path)

/** A value that is back at what is in force is no change. */
export function setValue(draft: Draft, path: string, value: SettingValue): Draft {
  const changes = new Map(draft.changes)
  if (sameValue(valueAt(draft.document, path), value)) changes.delete(path)
  else changes.set(path, value)
  return { ...draft, changes }
}

export const draftDocument = ({ document, changes }: Draft): SettingsDocument => withValues(document, changes)

/** The changes for people, in the order of the fields; what has no field goes by its path. */
export function changesOf(draft: Draft, fields: readonly Field[]): Change[] {
  const places = new Map(fields.map((field, place) => [field.path, { field, place }]))
  const placeOf = (path: string) => places.get(path)?.place ?? fields.length
  return [...draft.changes]
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([path, after]) => ({
      path,
      title: places.get(path)?.field.title ?? path,
      before: valueAt(draft.document, path),
      after,
    }))
}

/** What holds where nobody sets the field: what the chosen preset fills in, else the default. */
export function restingValue(field: Field, preset: Preset | undefined): SettingValue {
  const filledIn = presetValue(preset, field.path)
  return filledIn === undefined ? field.default : filledIn
}

type PresetChange = {
  from: Preset | undefined
  to: Preset
  fields: readonly Field[]
  provenance: ProvenanceDto
}

/** Fields that nobody has set follow the preset; what a person has typed stays, and so does what is locked. */
export function choosePreset(draft: Draft, { from, to, fields, provenance }: PresetChange): Draft {
  let next = setValue(draft, 'trustedHeader.preset', to.name)
  for (const field of fields) {
    if (field.path === 'trustedHeader.preset' || lockOf(provenance, field.path)) continue
    const untouched = sameValue(draftValue(draft, field.path), restingValue(field, from))
    if (untouched) next = setValue(next, field.path, restingValue(field, to))
  }
  return next
}
