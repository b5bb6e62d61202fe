import type { ApiClient } from '../api/api-client.ts'
import type { TimeBucketAssetResponseDto, TimeBucketsResponseDto } from '../api/api-types.ts'
import { assetsOfMonth } from './timeline-asset.ts'
import type { TimelineAsset } from './timeline-asset.ts'

export type TimelineApi = {
  /** Newest month first. */
  buckets: () => Promise<TimeBucketsResponseDto[]>
  month: (bucket: string) => Promise<TimelineAsset[]>
}

export const createTimelineApi = (api: ApiClient): TimelineApi => ({
  buckets: () => api.get('/timeline/buckets?visibility=timeline'),
  month: async (bucket) =>
    assetsOfMonth(
      await api.get<TimeBucketAssetResponseDto>(`/timeline/bucket?timeBucket=${bucket}&visibility=timeline`),
    ),
})
