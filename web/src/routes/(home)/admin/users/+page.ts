import { adminApi } from '#lib/admin/admin.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => ({ people: await adminApi.users() })
