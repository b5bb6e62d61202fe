import type { ApiClient } from '../api/api-client.ts'
import type { ArrivalDto, ProvenanceDto } from '../api/api-types.ts'
import type { Preset } from './presets.ts'
import type { SettingSchema } from './setting-fields.ts'
import type { SettingsDocument } from './setting-values.ts'

/** Where the settings come from, and what is wrong there. */
export type Sources = {
  file?: { path: string; problem?: { message: string; line?: number } }
  environment: string[]
}

export type ReadSettings = { document: SettingsDocument; unknown: string[] }

export type SettingsApi = {
  schema: () => Promise<SettingSchema>
  presets: () => Promise<Preset[]>
  document: () => Promise<SettingsDocument>
  /** The whole document, as it was read but for what changed. */
  save: (document: SettingsDocument) => Promise<SettingsDocument>
  provenance: () => Promise<ProvenanceDto>
  sources: () => Promise<Sources>
  /** What a file with this text would set; nothing is stored. */
  read: (text: string) => Promise<ReadSettings>
  arrival: () => Promise<ArrivalDto>
}

export const createSettingsApi = (api: ApiClient): SettingsApi => ({
  schema: () => api.get('/system-config/schema'),
  presets: () => api.get('/system-config/presets'),
  document: () => api.get('/system-config'),
  save: (document) => api.put('/system-config', document),
  provenance: () => api.get('/system-config/provenance'),
  sources: () => api.get('/system-config/sources'),
  read: (text) => api.post('/system-config/read', { text }),
  arrival: () => api.get('/admin/trusted-header/arrival'),
})
