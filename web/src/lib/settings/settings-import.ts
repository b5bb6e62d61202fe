import type { ProvenanceDto } from '../api/api-types.ts'
import type { Field, SettingValue } from './setting-fields.ts'
import { lockOf } from './setting-origin.ts'
import type { Draft } from './settings-draft.ts'
import { sameValue, valueAt, valuesOf, type SettingsDocument } from './setting-values.ts'

type Base = { draft: Draft; fields: readonly Field[]; provenance: ProvenanceDto }
type Imported = { values: [path: string, value: SettingValue][]; locked: { path: string; why: string }[] }

/**
 * What of a file is to be set here: the preset first, for it fills in what the file leaves out. What the environment or
 * the server's own file sets cannot be.
 */
export function importOf({ draft, fields, provenance }: Base, document: SettingsDocument): Imported {
  const imported: Imported = { values: [], locked: [] }
  for (const [path, given] of valuesOf(document)) {
    const now = valueAt(draft.document, path)
    if (now === undefined) continue
    const value = asField(
      given,
      fields.find((field) => field.path === path),
    )
    const why = lockOf(provenance, path)
    if (why === undefined) imported.values.push([path, value])
    else if (!sameValue(now, value)) imported.locked.push({ path, why })
  }
  const isPreset = ([path]: [string, SettingValue]) => path === 'trustedHeader.preset'
  imported.values.sort((one, other) => Number(isPreset(other)) - Number(isPreset(one)))
  return imported
}

/** A file may hold `10.3.3.0/24, fd00:3::/32` where the document has a list. */
function asField(value: SettingValue, field: Field | undefined): SettingValue {
  const isList = field?.kind === 'lines' || field?.kind === 'secret'
  return isList && typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
}
