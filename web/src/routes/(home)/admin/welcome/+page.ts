import { loadSettings } from '#lib/settings/settings-data.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = () => loadSettings()
