import { challenged, readProblem, unreachable } from '../api/api-problem.ts'
import type {
  AssetResponseDto,
  TimeBucketAssetResponseDto,
  TimeBucketsResponseDto,
} from '../api/api-types.ts'
import { assetsOfMonth, timelineAssetOf } from '../timeline/timeline-asset.ts'
import type { TimelineAsset } from '../timeline/timeline-asset.ts'
import type { SharedLinkResponseDto } from './shared-link-types.ts'

/** By which of its two names the link was opened. */
export type LinkName = { key: string } | { slug: string }

export type VisitApi = {
  /** @throws {ApiProblem} 401, with `Password required` where the password has not been given */
  link: () => Promise<SharedLinkResponseDto>
  givePassword: (password: string) => Promise<SharedLinkResponseDto>
  /** All that the link shows, as it is to be seen. */
  photos: (link: SharedLinkResponseDto) => Promise<TimelineAsset[]>
  asset: (id: string) => Promise<AssetResponseDto>
  upload: (file: File) => Promise<void>
  thumbnailUrl: (id: string, size: 'thumbnail' | 'preview') => string
  playbackUrl: (id: string) => string
  originalUrl: (id: string) => string
}

type Request = { method?: string; body?: BodyInit; type?: string }

/**
 * What somebody does who has nothing but a link. Asks past the household's own client: nobody is signed in by this page,
 * nobody's identity is looked at, and the proxy never wants to see anybody.
 */
export function createVisitApi(name: LinkName, ports: { fetch: typeof fetch }): VisitApi {
  const query = new URLSearchParams(name).toString()
  const naming: Record<string, string> =
    'key' in name ? { 'x-immich-share-key': name.key } : { 'x-immich-share-slug': name.slug }
  const file = (id: string, path: string): string => `/api/assets/${id}/${path}`

  async function ask<T>(path: string, { method = 'GET', body, type }: Request = {}): Promise<T> {
    const headers = { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest', ...naming }
    const response = await ports
      .fetch(`/api${path}`, {
        method,
        headers: { ...headers, ...(type === undefined ? {} : { 'Content-Type': type }) },
        body: body ?? null,
        redirect: 'manual',
        credentials: 'same-origin',
      })
      .catch(() => {
        throw unreachable()
      })
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer as T
    throw readProblem(response.status, answer) ?? challenged(response.status)
  }

  async function albumPhotos(albumId: string): Promise<TimelineAsset[]> {
    const months = await ask<TimeBucketsResponseDto[]>(`/timeline/buckets?albumId=${albumId}`)
    const photos: TimelineAsset[] = []
    for (const { timeBucket } of months) {
      const path = `/timeline/bucket?albumId=${albumId}&timeBucket=${timeBucket}`
      photos.push(...assetsOfMonth(await ask<TimeBucketAssetResponseDto>(path)))
    }
    return photos
  }

  return {
    link: () => ask('/shared-links/me'),
    givePassword: (password) =>
      ask('/shared-links/login', {
        method: 'POST',
        body: JSON.stringify({ password }),
        type: 'application/json',
      }),
    photos: async ({ album, assets }) => (album ? albumPhotos(album.id) : assets.map(timelineAssetOf)),
    asset: (id) => ask(`/assets/${id}`),
    async upload(chosen) {
      const modified = new Date(chosen.lastModified).toISOString()
      const form = new FormData()
      form.append('fileCreatedAt', modified)
      form.append('fileModifiedAt', modified)
      form.append('assetData', chosen)
      await ask('/assets', { method: 'POST', body: form })
    },
    thumbnailUrl: (id, size) => file(id, `thumbnail?size=${size}&${query}`),
    playbackUrl: (id) => file(id, `video/playback?${query}`),
    originalUrl: (id) => file(id, `original?${query}`),
  }
}
