import type { AssetResponseDto, TimeBucketAssetResponseDto } from '../api/api-types.ts'

/** One picture or video as the timeline knows it. */
export type TimelineAsset = {
  id: string
  /** Width over height. */
  ratio: number
  isImage: boolean
  isFavorite: boolean
  thumbhash: string | null
  /** The wall clock where it was taken, as milliseconds as if it were UTC: format it with `timeZone: 'UTC'`. */
  takenAt: number
  durationMs: number | null
  place: string | null
}

const hour = 3_600_000
const panorama = 5

/** Turns the columns of one month into assets, in their order (newest first). */
export function assetsOfMonth(columns: TimeBucketAssetResponseDto): TimelineAsset[] {
  return columns.id.map((id, index) => ({
    id,
    ratio: usableRatio(columns.ratio[index]),
    isImage: columns.isImage[index] ?? true,
    isFavorite: columns.isFavorite[index] ?? false,
    thumbhash: columns.thumbhash[index] ?? null,
    takenAt: Date.parse(`${columns.fileCreatedAt[index]}Z`) + (columns.localOffsetHours[index] ?? 0) * hour,
    durationMs: columns.duration[index] ?? null,
    place: columns.city?.[index] ?? columns.country?.[index] ?? null,
  }))
}

/** The month bucket an asset lies in: buckets follow its local time. */
export const bucketOf = (asset: Pick<AssetResponseDto, 'localDateTime'>): string =>
  `${asset.localDateTime.slice(0, 7)}-01`

/** `2021-07-28`: the day it was where the picture was taken. */
export const dayOf = (asset: Pick<TimelineAsset, 'takenAt'>): string =>
  Number.isNaN(asset.takenAt) ? 'unknown' : new Date(asset.takenAt).toISOString().slice(0, 10)

/** A broken or absurd ratio must not make a row of no height or a picture of no width. */
function usableRatio(ratio: number | undefined): number {
  if (ratio === undefined || !Number.isFinite(ratio) || ratio <= 0) return 1
  return Math.min(Math.max(ratio, 1 / panorama), panorama)
}

/** The same from a whole asset, for a deep link whose month is not loaded yet. */
export const timelineAssetOf = (asset: AssetResponseDto): TimelineAsset => ({
  id: asset.id,
  ratio: usableRatio((asset.width ?? 0) / (asset.height ?? 0)),
  isImage: asset.type !== 'VIDEO',
  isFavorite: asset.isFavorite,
  thumbhash: asset.thumbhash,
  takenAt: Date.parse(asset.localDateTime),
  durationMs: asset.duration,
  place: asset.exifInfo?.city ?? asset.exifInfo?.country ?? null,
})
