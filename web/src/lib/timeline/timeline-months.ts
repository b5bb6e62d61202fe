import type { TimeBucketsResponseDto } from '../api/api-types.ts'
import type { TimelineAsset } from './timeline-asset.ts'

/** One month of the timeline; `assets` are known once it came near the screen, `stale` asks for them again. */
export type Month = { bucket: string; count: number; assets?: readonly TimelineAsset[]; stale: boolean }

/** The server's list of months over what is known already: pictures stay on screen until their month came anew. */
export function mergeBuckets(known: readonly Month[], buckets: readonly TimeBucketsResponseDto[]): Month[] {
  const byBucket = new Map(known.map((month) => [month.bucket, month]))
  return buckets.map(({ timeBucket, count }) => {
    const old = byBucket.get(timeBucket)
    if (!old?.assets) return { bucket: timeBucket, count, stale: false }
    return { bucket: timeBucket, count, assets: old.assets, stale: old.stale || old.count !== count }
  })
}

/** A month as it came; one that turned out empty is not shown. */
export const withAssets = (
  months: readonly Month[],
  bucket: string,
  assets: readonly TimelineAsset[],
): Month[] =>
  months
    .map((month) =>
      month.bucket === bucket ? { bucket, count: assets.length, assets, stale: false } : month,
    )
    .filter((month) => month.count > 0)

export const patchAsset = (months: readonly Month[], id: string, patch: Partial<TimelineAsset>): Month[] =>
  changeAssets(months, id, (assets) =>
    assets.map((asset) => (asset.id === id ? { ...asset, ...patch } : asset)),
  )

/** Takes an asset out; a month that has none left goes too. */
export const withoutAsset = (months: readonly Month[], id: string): Month[] =>
  changeAssets(months, id, (assets) => assets.filter((asset) => asset.id !== id)).filter(
    (month) => month.count > 0,
  )

/** The months that hold these ids are to be asked for again. */
export const markStale = (months: readonly Month[], ids: ReadonlySet<string>): Month[] =>
  months.map((month) => (month.assets?.some(({ id }) => ids.has(id)) ? { ...month, stale: true } : month))

export type Neighbours = {
  newer: TimelineAsset | undefined
  older: TimelineAsset | undefined
  /** Months to load before the neighbours are known. */
  missing: string[]
}

/** What lies before and after an asset, across months; undefined if the asset is not among the known ones. */
export function neighboursOf(months: readonly Month[], id: string): Neighbours | undefined {
  for (const [at, month] of months.entries()) {
    const index = month.assets?.findIndex((asset) => asset.id === id) ?? -1
    if (index === -1) continue
    const newerMonth = index === 0 ? months[at - 1] : undefined
    const olderMonth = index + 1 === month.assets?.length ? months[at + 1] : undefined
    return {
      newer: month.assets?.[index - 1] ?? newerMonth?.assets?.at(-1),
      older: month.assets?.[index + 1] ?? olderMonth?.assets?.[0],
      missing: [newerMonth, olderMonth].flatMap((next) => (next && !next.assets ? [next.bucket] : [])),
    }
  }
  return undefined
}

function changeAssets(
  months: readonly Month[],
  id: string,
  change: (assets: readonly TimelineAsset[]) => readonly TimelineAsset[],
): Month[] {
  return months.map((month) => {
    if (!month.assets?.some((asset) => asset.id === id)) return month
    const assets = change(month.assets)
    return { ...month, assets, count: assets.length }
  })
}
