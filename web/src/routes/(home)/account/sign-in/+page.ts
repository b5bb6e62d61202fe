import { doors } from '#lib/oauth/oauth.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => ({ door: (await doors()).oauth })
