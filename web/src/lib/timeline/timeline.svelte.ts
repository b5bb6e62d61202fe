import { api } from '../api/api.ts'
import { messageOf } from '../api/api-problem.ts'
import { createMonthLoader } from './month-loader.ts'
import { createTimelineApi } from './timeline-api.ts'
import type { TimelineApi } from './timeline-api.ts'
import type { TimelineAsset } from './timeline-asset.ts'
import {
  markStale,
  mergeBuckets,
  neighboursOf,
  patchAsset,
  withAssets,
  withoutAsset,
} from './timeline-months.ts'
import type { Month, Neighbours } from './timeline-months.ts'

/** What the page knows of the timeline. It lives as long as the page does: another person means another page. */
function createTimeline(timelineApi: TimelineApi) {
  let months = $state.raw<Month[]>([])
  let status = $state<'loading' | 'ready' | 'failed'>('loading')
  let problem = $state<string>()

  const loader = createMonthLoader({
    atOnce: 3,
    async load(bucket) {
      try {
        months = withAssets(months, bucket, await timelineApi.month(bucket))
        problem = undefined
      } catch (thrown) {
        problem = messageOf(thrown)
        throw thrown
      }
    },
  })

  async function refresh(changed: ReadonlySet<string> = new Set()): Promise<void> {
    try {
      const buckets = await timelineApi.buckets()
      months = markStale(mergeBuckets(months, buckets), changed)
      status = 'ready'
      problem = undefined
    } catch (thrown) {
      problem = messageOf(thrown)
      if (status === 'loading') status = 'failed'
    }
  }

  return {
    get months(): readonly Month[] {
      return months
    },
    get status() {
      return status
    },
    get problem() {
      return problem
    },
    /** Asks for the months anew; those that hold a changed asset are read again when they are near the screen. */
    refresh,
    want(buckets: readonly string[]): void {
      const known = new Map(months.map((month) => [month.bucket, month]))
      loader.want(buckets.filter((bucket) => !known.get(bucket)?.assets || known.get(bucket)?.stale))
    },
    ensure: loader.ensure,
    find: (id: string): TimelineAsset | undefined => {
      for (const month of months) {
        const found = month.assets?.find((asset) => asset.id === id)
        if (found) return found
      }
      return undefined
    },
    neighbours: (id: string): Neighbours | undefined => neighboursOf(months, id),
    patch(id: string, patch: Partial<TimelineAsset>): void {
      months = patchAsset(months, id, patch)
    },
    remove(id: string): void {
      months = withoutAsset(months, id)
    },
  }
}

export const timeline = createTimeline(createTimelineApi(api))
