import type { Selectable } from 'kysely'
import type { AssetExifTable, AssetTable } from '../database/schema.ts'
import type { Metadata } from '../media/media.ts'
import { monthOf, type Asset, type Exif, type NewAsset } from './assets.ts'

export type AssetRow = Selectable<AssetTable>
export type ExifRow = Selectable<AssetExifTable>

/** What a person can change by hand; reading the file again leaves it alone. */
export type EditedField = 'date' | 'place' | 'text' | 'rating'

export const toAsset = (row: AssetRow): Asset => ({
  id: row.id,
  ownerId: row.owner_id,
  checksum: row.checksum,
  type: row.type,
  originalKey: row.original_key,
  originalFileName: row.original_file_name,
  mimeType: row.mime_type,
  size: row.size_bytes,
  fileCreatedAt: row.file_created_at,
  fileModifiedAt: row.file_modified_at,
  localDateTime: row.local_date_time,
  visibility: row.visibility,
  isFavorite: row.is_favorite === 1,
  duration: row.duration_ms,
  width: row.width,
  height: row.height,
  thumbhash: row.thumbhash,
  thumbnailKey: row.thumbnail_key,
  previewKey: row.preview_key,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deletedAt: row.deleted_at,
})

export const toExif = (row: ExifRow): Exif => ({
  make: row.make,
  model: row.model,
  lensModel: row.lens_model,
  orientation: row.orientation,
  dateTimeOriginal: row.date_time_original,
  modifyDate: row.modify_date,
  timeZone: row.time_zone,
  fNumber: row.f_number,
  focalLength: row.focal_length,
  iso: row.iso,
  exposureTime: row.exposure_time,
  exifWidth: row.exif_width,
  exifHeight: row.exif_height,
  latitude: row.latitude,
  longitude: row.longitude,
  city: row.city,
  state: row.state,
  country: row.country,
  description: row.description,
  projectionType: row.projection_type,
  rating: row.rating,
})

/** Until the metadata is read, the client's date stands for instant and wall clock. */
export const toNewRow = (asset: NewAsset, now: string): AssetRow => ({
  id: asset.id,
  owner_id: asset.ownerId,
  checksum: asset.checksum,
  type: asset.type,
  original_key: asset.originalKey,
  original_file_name: asset.originalFileName,
  mime_type: asset.mimeType,
  size_bytes: asset.size,
  file_created_at: asset.fileCreatedAt,
  file_modified_at: asset.fileModifiedAt,
  local_date_time: asset.fileCreatedAt,
  month: monthOf(asset.fileCreatedAt),
  visibility: asset.visibility,
  is_favorite: asset.isFavorite ? 1 : 0,
  duration_ms: asset.duration,
  width: null,
  height: null,
  thumbhash: null,
  thumbnail_key: null,
  preview_key: null,
  metadata_at: null,
  created_at: now,
  updated_at: now,
  deleted_at: null,
})

export const emptyExifRow = (asset: NewAsset): ExifRow => ({
  asset_id: asset.id,
  make: null,
  model: null,
  lens_model: null,
  orientation: null,
  date_time_original: asset.fileCreatedAt,
  modify_date: asset.fileModifiedAt,
  time_zone: null,
  f_number: null,
  focal_length: null,
  iso: null,
  exposure_time: null,
  exif_width: null,
  exif_height: null,
  latitude: null,
  longitude: null,
  city: null,
  state: null,
  country: null,
  description: '',
  projection_type: null,
  rating: null,
  edited: '[]',
})

export const editedFields = (row: Pick<ExifRow, 'edited'>): EditedField[] =>
  JSON.parse(row.edited) as EditedField[]

/** Without a date in the file: the older of the two that the client named, since copying makes files younger. */
export function readDates(row: AssetRow, { captured }: Metadata): { instant: string; local: string } {
  if (captured) return captured
  const older = row.file_modified_at < row.file_created_at ? row.file_modified_at : row.file_created_at
  return { instant: older, local: older }
}
