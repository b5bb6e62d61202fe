import type { Visibility } from '../assets/assets.ts'

/** Which assets a timeline shows. Default: timeline and archive, not in the trash. */
export type TimelineFilter = {
  ownerId: string
  visibility?: Visibility | undefined
  isFavorite?: boolean | undefined
  isTrashed?: boolean | undefined
  type?: 'IMAGE' | 'VIDEO' | undefined
  albumId?: string | undefined
  order?: 'asc' | 'desc' | undefined
  /** By the wall clock of capture, or by when it came in. */
  orderBy?: 'takenAt' | 'createdAt' | undefined
}

/** `timeBucket` is the first day of a month, `YYYY-MM-01`. */
export type TimeBucket = { timeBucket: string; count: number }

/** One month, newest first unless asked otherwise: a column per fact, all of the same length. */
export type BucketColumns = {
  id: string[]
  ownerId: string[]
  ratio: number[]
  isFavorite: boolean[]
  visibility: Visibility[]
  isTrashed: boolean[]
  isImage: boolean[]
  thumbhash: (string | null)[]
  /** UTC, without the `Z`, as Immich has it. */
  createdAt: string[]
  fileCreatedAt: string[]
  localOffsetHours: number[]
  /** Milliseconds. */
  duration: (number | null)[]
  projectionType: (string | null)[]
  livePhotoVideoId: null[]
  status: ('active' | 'trashed')[]
  city: (string | null)[]
  country: (string | null)[]
  latitude?: (number | null)[]
  longitude?: (number | null)[]
  stack?: null[]
}

export type Timeline = {
  /** Months that have something, latest first. Read from kept counts, unless by album or by upload time. */
  buckets(filter: TimelineFilter): Promise<TimeBucket[]>
  bucket(
    filter: TimelineFilter,
    month: string,
    options?: { withCoordinates?: boolean; withStacked?: boolean },
  ): Promise<BucketColumns>
}
