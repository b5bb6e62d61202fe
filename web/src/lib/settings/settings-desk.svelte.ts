import { ApiProblem, messageOf } from '../api/api-problem.ts'
import type { ProvenanceDto } from '../api/api-types.ts'
import { errorsByField } from '../ui/field-errors.ts'
import type { Preset } from './presets.ts'
import { sectionsOf, type Field, type SettingSchema, type SettingValue } from './setting-fields.ts'
import type { SettingsDocument } from './setting-values.ts'
import {
  changesOf,
  choosePreset,
  draftDocument,
  draftValue,
  freshDraft,
  restingValue,
  setValue,
  type Draft,
} from './settings-draft.ts'
import { settingsApi } from './settings.ts'

export type SettingsData = {
  schema: SettingSchema
  document: SettingsDocument
  provenance: ProvenanceDto
  presets: Preset[]
}

export type SettingsDesk = ReturnType<typeof createSettingsDesk>

/** The settings as one page of the admin works on them: what is in force, what was changed, what the server said of it. */
export function createSettingsDesk(data: SettingsData) {
  const presetTitles = Object.fromEntries(data.presets.map(({ name, title }) => [name, title]))
  const sections = sectionsOf(data.schema).map((section) => ({
    ...section,
    fields: section.fields.map((field) =>
      field.path === 'trustedHeader.preset' ? { ...field, choiceTitles: presetTitles } : field,
    ),
  }))
  const fields = sections.flatMap((section) => section.fields)
  const paths = fields.map(({ path }) => path)
  let draft = $state.raw<Draft>(freshDraft(data.document))
  let provenance = $state.raw(data.provenance)
  let errors = $state.raw<Record<string, string>>({})
  let saving = $state(false)
  const changes = $derived(changesOf(draft, fields))
  const preset = $derived(presetNamed(draftValue(draft, 'trustedHeader.preset')))

  function presetNamed(name: unknown): Preset | undefined {
    return data.presets.find((one) => one.name === name)
  }

  function set(path: string, value: SettingValue): void {
    const to = path === 'trustedHeader.preset' ? presetNamed(value) : undefined
    draft = to ? choosePreset(draft, { from: preset, to, fields, provenance }) : setValue(draft, path, value)
    const { [path]: _, ...others } = errors
    errors = others
  }

  /** @returns the paths that changed, or undefined when the server did not take them */
  async function save(): Promise<string[] | undefined> {
    const saved = changes.map(({ path }) => path)
    saving = true
    errors = {}
    try {
      draft = freshDraft(await settingsApi.save(draftDocument(draft)))
      provenance = await settingsApi.provenance().catch(() => provenance)
      return saved
    } catch (thrown) {
      const named = thrown instanceof ApiProblem ? errorsByField(thrown.errors, paths) : {}
      errors = Object.keys(named).length > 0 ? named : { '': messageOf(thrown) }
      return undefined
    } finally {
      saving = false
    }
  }

  return {
    sections,
    fields,
    get draft() {
      return draft
    },
    get provenance() {
      return provenance
    },
    get errors() {
      return errors
    },
    get saving() {
      return saving
    },
    get changes() {
      return changes
    },
    get preset() {
      return preset
    },
    value: (path: string) => draftValue(draft, path),
    resting: (field: Field) => restingValue(field, preset),
    set,
    save,
    discard() {
      draft = freshDraft(draft.document)
      errors = {}
    },
  }
}
