import type { DatabaseTransaction } from '../database/database.ts'
import type { Metadata } from '../media/media.ts'
import type { OpensLocked } from '../users/locked-folder.ts'

export type Visibility = 'timeline' | 'archive' | 'hidden' | 'locked'
export const visibilities = ['timeline', 'archive', 'hidden', 'locked'] as const

/** A picture or video of one member. */
export type Asset = {
  id: string
  ownerId: string
  /** SHA-1 of the original, hex. */
  checksum: string
  type: 'IMAGE' | 'VIDEO'
  originalKey: string
  originalFileName: string
  mimeType: string
  /** Bytes. */
  size: number
  /** The instant of capture. All times are ISO 8601 in UTC with milliseconds. */
  fileCreatedAt: string
  fileModifiedAt: string
  /** The wall clock at the place of capture, written as if it were UTC. */
  localDateTime: string
  visibility: Visibility
  isFavorite: boolean
  /** Milliseconds. */
  duration: number | null
  /** Pixels, as shown. */
  width: number | null
  height: number | null
  /** Base64. */
  thumbhash: string | null
  thumbnailKey: string | null
  previewKey: string | null
  createdAt: string
  updatedAt: string
  /** Set while it is in the trash. */
  deletedAt: string | null
}

/** What the camera and its owner say about an asset. */
export type Exif = {
  make: string | null
  model: string | null
  lensModel: string | null
  orientation: string | null
  dateTimeOriginal: string | null
  modifyDate: string | null
  timeZone: string | null
  fNumber: number | null
  focalLength: number | null
  iso: number | null
  exposureTime: string | null
  exifWidth: number | null
  exifHeight: number | null
  latitude: number | null
  longitude: number | null
  city: string | null
  state: string | null
  country: string | null
  description: string
  projectionType: string | null
  rating: number | null
}

export type AssetWithExif = { asset: Asset; exif: Exif }

export type NewAsset = Pick<
  Asset,
  'id' | 'ownerId' | 'checksum' | 'type' | 'originalKey' | 'originalFileName' | 'mimeType' | 'size'
> &
  Pick<Asset, 'fileCreatedAt' | 'fileModifiedAt' | 'visibility' | 'isFavorite' | 'duration'>

/** What a person may change by hand. Absent = as it is. */
export type AssetChanges = {
  isFavorite?: boolean | undefined
  visibility?: Visibility | undefined
  /** Instant, wall clock and the zone that was named with them. */
  captured?: { instant: string; local: string; timeZone: string | null } | undefined
  /** Moves the instant, in minutes. */
  shiftMinutes?: number | undefined
  /** IANA name or `UTC±h[:mm]`: the instant stays, the wall clock follows. */
  timeZone?: string | undefined
  place?: { latitude: number; longitude: number } | undefined
  rating?: number | null | undefined
  description?: string | undefined
}

export type AssetFilter = {
  ownerId: string
  visibility?: Visibility | undefined
  isFavorite?: boolean | undefined
  isTrashed?: boolean | undefined
}

/** Counts, and bytes of originals; what is in the trash takes room too. */
export type LibraryUse = {
  userId: string
  photos: number
  videos: number
  usagePhotos: number
  usageVideos: number
}

/** One asset as its owner asks for it; without `opensLocked` the locked folder is shut. */
type Owned = { ownerId: string; id: string; opensLocked?: OpensLocked | undefined }

/**
 * The library as its HTTP routes and its jobs use it. Ids that the owner does not own count as unknown, and so does what is
 * in the locked folder, unless it is open.
 */
export type Assets = {
  byId(owner: Owned): Promise<Asset | undefined>
  /** In no order; those that are gone are left out. */
  byIds(ownerId: string, ids: readonly string[]): Promise<Asset[]>
  withExif(owner: Owned): Promise<AssetWithExif | undefined>
  /** `checksum` hex. Also finds what is in the trash. */
  byChecksums(ownerId: string, checksums: readonly string[]): Promise<Asset[]>
  /** Which of these the owner owns. */
  owned(ownerId: string, ids: readonly string[], opensLocked?: OpensLocked): Promise<Set<string>>
  /** Kept per month, so the library is not counted. Default: timeline and archive, not in the trash. */
  statistics(filter: AssetFilter): Promise<{ images: number; videos: number }>
  /** Per owner; owners without assets are absent. */
  libraryUse(): Promise<LibraryUse[]>
  /**
   * The new asset with its metadata, counts, usage and jobs, or nothing at all. `settle` runs in the same transaction, as
   * its last step: when it did not come to its end, nothing was added.
   *
   * @throws {Problem} 400 when the quota would be exceeded; the database's own error when the owner has that file already
   */
  add(asset: NewAsset, settle: (tx: DatabaseTransaction) => Promise<void>): Promise<void>
  /** Ids that the owner does not own are left alone. */
  change(owner: { ownerId: string; ids: readonly string[] }, changes: AssetChanges): Promise<void>
  /** Into the trash (a time) or out of it (null). Answers how many were moved. */
  setTrashed(owner: { ownerId: string; ids: readonly string[] }, deletedAt: string | null): Promise<number>
  idsInTrash(ownerId: string): Promise<string[]>
  /** For good: the rows now, the bytes by jobs in the same transaction. Answers how many were removed. */
  remove(owner: { ownerId: string; ids: readonly string[] }): Promise<number>

  /** For jobs: whoever owns it. */
  find(id: string): Promise<Asset | undefined>
  /** What the file says. What a person changed by hand stays. */
  saveMetadata(id: string, metadata: Metadata): Promise<void>
  /** False when the asset is gone; then nothing was saved. */
  saveDerived(
    id: string,
    derived: DerivedFiles,
    settle: (tx: DatabaseTransaction) => Promise<void>,
  ): Promise<boolean>
  /** Whether a row refers to this storage key. */
  knowsFile(key: string): Promise<boolean>
}

export type DerivedFiles = {
  previewKey: string
  thumbnailKey: string
  thumbhash: string
  width: number | null
  height: number | null
}

/** The names are stored with the jobs. */
export const jobNames = {
  metadata: 'assets.metadata',
  thumbnails: 'assets.thumbnails',
  removeFile: 'assets.remove-file',
} as const

/** First day of the month of a wall clock: the timeline bucket. */
export const monthOf = (localDateTime: string): string => `${localDateTime.slice(0, 7)}-01`
