import { z } from 'zod'
import { plainText } from '../platform/plain-text.ts'
import { toUserResponse, userResponse } from '../users/user-wire.ts'
import type { User } from '../users/users.ts'
import { visibilities, type Asset, type Exif } from './assets.ts'
import { capturedField, idList, isoInstant, textBoolean } from './wire-fields.ts'

const exifResponse = z
  .object({
    make: z.string().nullable(),
    model: z.string().nullable(),
    exifImageWidth: z.number().nullable(),
    exifImageHeight: z.number().nullable(),
    fileSizeInByte: z.number().nullable(),
    orientation: z.string().nullable(),
    dateTimeOriginal: z.string().nullable(),
    modifyDate: z.string().nullable(),
    timeZone: z.string().nullable(),
    lensModel: z.string().nullable(),
    fNumber: z.number().nullable(),
    focalLength: z.number().nullable(),
    iso: z.number().nullable(),
    exposureTime: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    city: z.string().nullable(),
    state: z.string().nullable(),
    country: z.string().nullable(),
    description: z.string().nullable(),
    projectionType: z.string().nullable(),
    rating: z.number().nullable(),
  })
  .partial()
  .meta({ id: 'ExifResponseDto' })

export const assetResponse = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    ownerId: z.string(),
    owner: userResponse.optional(),
    libraryId: z.null(),
    type: z.enum(['IMAGE', 'VIDEO']),
    originalPath: z.string(),
    originalFileName: z.string(),
    originalMimeType: z.string(),
    thumbhash: z.string().nullable(),
    fileCreatedAt: z.string(),
    fileModifiedAt: z.string(),
    localDateTime: z.string(),
    isFavorite: z.boolean(),
    isArchived: z.boolean(),
    isTrashed: z.boolean(),
    isOffline: z.boolean(),
    isEdited: z.boolean(),
    hasMetadata: z.boolean(),
    visibility: z.enum(visibilities),
    duration: z.number().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    exifInfo: exifResponse.optional(),
    livePhotoVideoId: z.null(),
    tags: z.array(z.object({})),
    people: z.array(z.object({})),
    checksum: z.string(),
    stack: z.null(),
    duplicateId: z.null(),
    resized: z.boolean(),
  })
  .meta({ id: 'AssetResponseDto' })

export const toAssetResponse = (
  asset: Asset,
  { exif, owner }: { exif?: Exif; owner?: User } = {},
): z.infer<typeof assetResponse> => ({
  id: asset.id,
  createdAt: asset.createdAt,
  updatedAt: asset.updatedAt,
  ownerId: asset.ownerId,
  ...(owner && { owner: toUserResponse(owner) }),
  libraryId: null,
  type: asset.type,
  originalPath: asset.originalKey,
  originalFileName: asset.originalFileName,
  originalMimeType: asset.mimeType,
  thumbhash: asset.thumbhash,
  fileCreatedAt: asset.fileCreatedAt,
  fileModifiedAt: asset.fileModifiedAt,
  localDateTime: asset.localDateTime,
  isFavorite: asset.isFavorite,
  isArchived: asset.visibility === 'archive',
  isTrashed: asset.deletedAt !== null,
  isOffline: false,
  isEdited: false,
  hasMetadata: true,
  visibility: asset.visibility,
  duration: asset.duration,
  width: asset.width,
  height: asset.height,
  ...(exif && { exifInfo: toExifResponse(exif, asset.size) }),
  livePhotoVideoId: null,
  tags: [],
  people: [],
  checksum: Buffer.from(asset.checksum, 'hex').toString('base64'),
  stack: null,
  duplicateId: null,
  resized: true,
})

const toExifResponse = (exif: Exif, size: number): z.infer<typeof exifResponse> => ({
  make: exif.make,
  model: exif.model,
  exifImageWidth: exif.exifWidth,
  exifImageHeight: exif.exifHeight,
  fileSizeInByte: size,
  orientation: exif.orientation,
  dateTimeOriginal: databaseDate(exif.dateTimeOriginal),
  modifyDate: databaseDate(exif.modifyDate),
  timeZone: exif.timeZone,
  lensModel: exif.lensModel,
  fNumber: exif.fNumber,
  focalLength: exif.focalLength,
  iso: exif.iso,
  exposureTime: exif.exposureTime,
  latitude: exif.latitude,
  longitude: exif.longitude,
  city: exif.city,
  state: exif.state,
  country: exif.country,
  description: exif.description,
  projectionType: exif.projectionType,
  rating: exif.rating,
})

/** Immich's EXIF dates come out of PostgreSQL as they are: `2016-09-22T21:10:29.06+00:00`, trailing zeros cut. */
export const databaseDate = (iso: string | null): string | null =>
  iso === null ? null : iso.replace(/\.?0*Z$/, '+00:00')

const visibility = z.enum(visibilities)

export const uploadFields = z
  .object({
    fileCreatedAt: isoInstant,
    fileModifiedAt: isoInstant,
    isFavorite: textBoolean.optional(),
    visibility: visibility.optional(),
    duration: z.coerce.number().int().min(0).optional(),
    filename: plainText(1024 * 1024)
      .min(1)
      .optional(),
  })
  .meta({ id: 'AssetMediaCreateDto' })

export const uploadResponse = z
  .object({ id: z.string(), status: z.enum(['created', 'duplicate']) })
  .meta({ id: 'AssetMediaResponseDto' })

export const bulkUploadCheckBody = z
  .object({ assets: z.array(z.object({ id: z.string(), checksum: z.string() })).max(100_000) })
  .meta({ id: 'AssetBulkUploadCheckDto' })

export const bulkUploadCheckResponse = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        action: z.enum(['accept', 'reject']),
        reason: z.enum(['duplicate']).optional(),
        assetId: z.string().optional(),
        isTrashed: z.boolean().optional(),
      }),
    ),
  })
  .meta({ id: 'AssetBulkUploadCheckResponseDto' })

export const statisticsQuery = z.object({
  visibility: z.enum(visibilities).optional(),
  isFavorite: textBoolean.optional(),
  isTrashed: textBoolean.optional(),
})

export const statisticsResponse = z
  .object({ images: z.number(), videos: z.number(), total: z.number() })
  .meta({ id: 'AssetStatsResponseDto' })

const rating = z
  .int()
  .min(-1)
  .max(5)
  .refine((stars) => stars !== 0, 'Rating must be -1, 1 to 5 or null')
  .nullable()

const changes = z.object({
  isFavorite: z.boolean().optional(),
  visibility: visibility.optional(),
  dateTimeOriginal: capturedField.optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  rating: rating.optional(),
  description: plainText(100_000).optional(),
})

/** A hundred years, in minutes: no clock was ever set so wrong. */
const furthest = 100 * 365 * 24 * 60

const bothOrNone = {
  check: ({ latitude, longitude }: { latitude?: number | undefined; longitude?: number | undefined }) =>
    (latitude === undefined) === (longitude === undefined),
  message: 'Latitude and longitude must be provided together',
}

export const updateAssetBody = changes
  .refine(bothOrNone.check, bothOrNone.message)
  .meta({ id: 'UpdateAssetDto' })

export const bulkUpdateBody = changes
  .extend({
    ids: idList.min(1),
    dateTimeRelative: z.int().min(-furthest).max(furthest).optional(),
    timeZone: plainText(64).min(1).optional(),
  })
  .refine(bothOrNone.check, bothOrNone.message)
  .meta({ id: 'AssetBulkUpdateDto' })

export const bulkDeleteBody = z
  .object({ ids: idList.min(1), force: z.boolean().optional() })
  .meta({ id: 'AssetBulkDeleteDto' })

export const thumbnailQuery = z.object({
  size: z.enum(['thumbnail', 'preview', 'fullsize', 'original']).default('thumbnail'),
  key: z.string().optional(),
  slug: z.string().optional(),
})

export const countResponse = z.object({ count: z.number() }).meta({ id: 'TrashResponseDto' })
