import type { ArrivalDto } from '../api/api-types.ts'
import type { Preset } from './presets.ts'
import type { SettingSchema } from './setting-fields.ts'
import type { SettingsData } from './settings-desk.svelte.ts'
import { settingsApi } from './settings.ts'

let unchanging: Promise<[SettingSchema, Preset[]]> | undefined

/** What every settings page begins with. The schema and the presets are the server's own and never change under a page. */
export async function loadSettings(): Promise<SettingsData> {
  unchanging ??= Promise.all([settingsApi.schema(), settingsApi.presets()]).catch((thrown: unknown) => {
    unchanging = undefined
    throw thrown
  })
  const [[schema, presets], document, provenance] = await Promise.all([
    unchanging,
    settingsApi.document(),
    settingsApi.provenance(),
  ])
  return { schema, presets, document, provenance }
}

/** What the server sees of this very request; it is only a help, so a page goes without. */
export const loadArrival = (): Promise<ArrivalDto | undefined> => settingsApi.arrival().catch(() => undefined)
