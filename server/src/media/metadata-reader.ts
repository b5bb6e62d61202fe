import { ExifTool } from 'exiftool-vendored'
import { captureDateOf } from './capture-date.ts'
import { Unreadable, type Metadata, type Original } from './media.ts'

/** Reads what cameras write, by one ExifTool process that stays open (it needs perl). */
export function createMetadataReader() {
  const exiftool = new ExifTool({
    maxProcs: 1,
    maxTasksPerProcess: 2_000,
    // Below the limit of the whole task, so that the one that hangs is known from those that wait for it.
    taskTimeoutMillis: 20_000,
    taskRetries: 0,
    useMWG: true,
    defaultVideosToUTC: true,
    backfillTimezones: true,
    inferTimezoneFromDatestamps: true,
    inferTimezoneFromTimeStamp: true,
    numericTags: [
      'Orientation',
      'FocalLength',
      'FNumber',
      'ISO',
      'Rating',
      'Rotation',
      'Duration',
      'GPSLatitude',
      'GPSLongitude',
    ],
  })

  return {
    async read({ path, type }: Original): Promise<Metadata> {
      const tags = (await exiftool.read(path)) as unknown as Record<string, unknown>
      if (text(tags['Error']) !== null && tags['ImageWidth'] === undefined)
        throw new Unreadable(String(tags['Error']))
      return toMetadata(tags, type)
    },
    /** For RAW files: the JPEG that the camera put inside. False when there is none. */
    async extractEmbeddedPicture(path: string, to: string): Promise<boolean> {
      for (const tag of ['JpgFromRaw', 'PreviewImage', 'ThumbnailImage']) {
        const found = await exiftool.extractBinaryTag(tag, path, to).then(
          () => true,
          () => false,
        )
        if (found) return true
      }
      return false
    },
    version: () => exiftool.version(),
    close: () => exiftool.end(),
  }
}

/** Exported for its test. `tags` as exiftool-vendored gives them. */
export function toMetadata(tags: Record<string, unknown>, type: 'IMAGE' | 'VIDEO'): Metadata {
  const exifWidth = integer(tags['ImageWidth']) ?? integer(tags['ExifImageWidth'])
  const exifHeight = integer(tags['ImageHeight']) ?? integer(tags['ExifImageHeight'])
  const orientation = number(tags['Orientation'])
  const turned =
    (orientation !== null && orientation >= 5 && orientation <= 8) || isQuarterTurn(tags['Rotation'], type)
  const place = placeOf(tags)
  return {
    captured: captureDateOf(tags, type),
    make: text(tags['Make']),
    model: text(tags['Model']),
    lensModel: text(tags['LensModel']) ?? text(tags['LensID']),
    orientation: orientation === null ? null : String(orientation),
    fNumber: positive(tags['FNumber']),
    focalLength: positive(tags['FocalLength']),
    iso: integer(tags['ISO']),
    exposureTime: exposure(tags['ExposureTime']),
    exifWidth,
    exifHeight,
    width: turned ? exifHeight : exifWidth,
    height: turned ? exifWidth : exifHeight,
    ...place,
    description: (text(tags['ImageDescription']) ?? text(tags['Description']) ?? '').trim(),
    projectionType: text(tags['ProjectionType'])?.toUpperCase() ?? null,
    rating: rating(tags['Rating']),
    durationMs: type === 'VIDEO' ? milliseconds(tags['Duration']) : null,
  }
}

const text = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? storable(value) : null
}

/** Some databases cannot keep a NUL, which cameras write to fill up. */
const storable = (value: string) => value.replaceAll('\0', '').toWellFormed()

const number = (value: unknown): number | null => {
  const parsed = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : null
}

const positive = (value: unknown): number | null => {
  const parsed = number(value)
  return parsed !== null && parsed > 0 ? parsed : null
}

/** The column holds 32 bits; cameras write nonsense above. */
const integer = (value: unknown): number | null => {
  const parsed = positive(Array.isArray(value) ? value[0] : value)
  return parsed !== null && parsed <= 2 ** 31 - 1 ? Math.round(parsed) : null
}

const isQuarterTurn = (rotation: unknown, type: string): boolean =>
  type === 'VIDEO' && Math.abs(number(rotation) ?? 0) % 180 === 90

function exposure(value: unknown): string | null {
  const seconds = number(value)
  if (typeof value === 'string') return storable(value)
  return seconds === null ? null : String(seconds)
}

function rating(value: unknown): number | null {
  const stars = number(value)
  return stars !== null && Number.isInteger(stars) && stars >= -1 && stars <= 5 && stars !== 0 ? stars : null
}

function milliseconds(value: unknown): number | null {
  const duration = Math.round((positive(value) ?? 0) * 1_000)
  return duration > 0 && Number.isSafeInteger(duration) ? duration : null
}

/** Both or none; 0,0 is what devices write before they have a fix. */
function placeOf(tags: Record<string, unknown>): { latitude: number | null; longitude: number | null } {
  const latitude = number(tags['GPSLatitude'])
  const longitude = number(tags['GPSLongitude'])
  const valid =
    latitude !== null &&
    longitude !== null &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180 &&
    (latitude !== 0 || longitude !== 0)
  return valid ? { latitude, longitude } : { latitude: null, longitude: null }
}
