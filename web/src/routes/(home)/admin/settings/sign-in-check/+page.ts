import { loadArrival } from '#lib/settings/settings-data.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => ({ arrival: await loadArrival() })
