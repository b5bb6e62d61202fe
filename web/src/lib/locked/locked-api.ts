import type { ApiClient } from '../api/api-client.ts'
import type { TimeBucketAssetResponseDto, TimeBucketsResponseDto } from '../api/api-types.ts'
import { assetsOfMonth, type TimelineAsset } from '../timeline/timeline-asset.ts'

/** How the locked folder stands: whether there is a PIN, and whether this browser has typed it. */
export type LockState = { hasPin: boolean; isOpen: boolean }

export type LockedApi = {
  state: () => Promise<LockState>
  setPin: (pinCode: string) => Promise<void>
  unlock: (pinCode: string) => Promise<void>
  lock: () => Promise<void>
  /** Newest first. Only while it is open: else the server takes the question for one of a stranger. */
  contents: () => Promise<TimelineAsset[]>
  moveIn: (id: string) => Promise<void>
  takeOut: (id: string) => Promise<void>
}

export const createLockedApi = (api: ApiClient): LockedApi => ({
  async state() {
    const { pinCode, isElevated } = await api.get<{ pinCode: boolean; isElevated: boolean }>('/auth/status')
    return { hasPin: pinCode, isOpen: isElevated }
  },
  setPin: (pinCode) => api.post('/auth/pin-code', { pinCode }),
  unlock: (pinCode) => api.post('/auth/session/unlock', { pinCode }),
  lock: () => api.post('/auth/session/lock'),
  async contents() {
    const buckets = await api.get<TimeBucketsResponseDto[]>('/timeline/buckets?visibility=locked')
    const months = buckets.map(({ timeBucket }) =>
      api.get<TimeBucketAssetResponseDto>(`/timeline/bucket?timeBucket=${timeBucket}&visibility=locked`),
    )
    return (await Promise.all(months)).flatMap(assetsOfMonth)
  },
  moveIn: (id) => api.put('/assets', { ids: [id], visibility: 'locked' }),
  takeOut: (id) => api.put('/assets', { ids: [id], visibility: 'timeline' }),
})
