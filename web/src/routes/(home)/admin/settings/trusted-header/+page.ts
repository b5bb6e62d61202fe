import { adminApi } from '#lib/admin/admin.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  const [config, provenance, arrival] = await Promise.all([
    adminApi.config(),
    adminApi.provenance(),
    adminApi.arrival().catch(() => undefined),
  ])
  return { config, provenance, arrival }
}
