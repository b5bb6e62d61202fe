import { api } from '../api/api.ts'
import { createSettingsApi } from './settings-api.ts'

export const settingsApi = createSettingsApi(api)
