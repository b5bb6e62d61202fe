import { adminApi } from '#lib/admin/admin.ts'
import { messageOf } from '#lib/api/api-problem.ts'
import type { ActivityPage } from '#lib/audit/activity-api.ts'
import { filterOf } from '#lib/audit/activity-filter.ts'
import { activityApi } from '#lib/audit/activity.ts'
import type { PageLoad } from './$types'

const nothing: ActivityPage = { events: [], next: null }

export const load: PageLoad = async ({ url }) => {
  const filter = filterOf(url.searchParams)
  const asked = activityApi.page(filter).then(
    (first) => ({ first, problem: undefined }),
    (thrown: unknown) => ({ first: nothing, problem: messageOf(thrown) }),
  )
  const [answer, { kinds }, people] = await Promise.all([
    asked,
    activityApi.kinds().catch(() => ({ kinds: [] })),
    adminApi.users().catch(() => []),
  ])
  return { filter, kinds, people, ...answer }
}
