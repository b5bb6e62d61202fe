import { utcTime } from '../platform/utc-time.ts'

/** When a picture was taken. */
export type CaptureDate = {
  /** The instant, UTC. Without a zone in the file, its wall clock is taken as UTC. */
  instant: string
  /** The wall clock at the place of capture, written as if it were UTC. */
  local: string
  /** `UTC-7`, `America/Chicago`, or null when the file does not say. */
  timeZone: string | null
}

/** A date as cameras write it: wall clock and, with luck, the zone. Shaped as exiftool-vendored's `ExifDateTime`. */
export type WrittenDate = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond?: number | undefined
  tzoffsetMinutes?: number | undefined
  zone?: string | undefined
}

/** The most trustworthy first: sub-seconds before whole ones, the camera's own word before a container's. */
const pictureTags = [
  'SubSecDateTimeOriginal',
  'SubSecCreateDate',
  'DateTimeOriginal',
  'CreationDate',
  'CreateDate',
  'MediaCreateDate',
  'DateTimeCreated',
  'GPSDateTime',
]

/** QuickTime's `CreateDate` is in UTC and often the time of a copy; Apple's `CreationDate` knows the zone. */
const videoTags = [
  'CreationDate',
  'SubSecDateTimeOriginal',
  'DateTimeOriginal',
  'CreateDate',
  'MediaCreateDate',
  'GPSDateTime',
]

/** The first date that makes sense. Cameras without a clock write zeros, or a year before photography. */
export function captureDateOf(tags: Record<string, unknown>, type: 'IMAGE' | 'VIDEO'): CaptureDate | null {
  for (const name of type === 'VIDEO' ? videoTags : pictureTags) {
    const written = tags[name]
    if (!isWrittenDate(written)) continue
    const date = toCaptureDate(written)
    if (date) return date
  }
  return null
}

export function toCaptureDate(written: WrittenDate): CaptureDate | undefined {
  const { year, month, day, hour, minute, second, millisecond = 0, tzoffsetMinutes } = written
  if (year < 1826 || year > 9999) return undefined
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Math.trunc(millisecond))
  const instant = local - (tzoffsetMinutes ?? 0) * 60_000
  if (Number.isNaN(instant)) return undefined
  return {
    instant: utcTime(instant),
    local: utcTime(local),
    timeZone: tzoffsetMinutes === undefined ? null : (written.zone ?? null),
  }
}

const isWrittenDate = (value: unknown): value is WrittenDate =>
  typeof value === 'object' && value !== null && 'year' in value && 'hour' in value
