import { utcTime } from '../platform/utc-time.ts'

/** The wall clock of an instant in a zone, written as if it were UTC; undefined for a zone nobody knows. */
export function wallClockIn(zone: string, instant: string): string | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: toIntlZone(zone),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'narrow',
    })
    const date = new Date(instant)
    const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]))
    const [year = NaN, month = NaN, day = NaN, hour = NaN, minute, second] = (
      ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
    ).map((name) => Number(parts.get(name)))
    const local = new Date(0)
    // Not `Date.UTC`, to which the year 50 is 1950.
    local.setUTCFullYear(parts.get('era') === 'B' ? 1 - year : year, month - 1, day)
    return utcTime(local.setUTCHours(hour, minute, second, date.getUTCMilliseconds()))
  } catch {
    return undefined
  }
}

/** `UTC-7` and `UTC+5:30`, as metadata has them, are `-07:00` and `+05:30` to the runtime. */
function toIntlZone(zone: string): string {
  const match = /^UTC([+-])(\d{1,2})(?::(\d{2}))?$/.exec(zone)
  return match ? `${match[1]}${match[2]?.padStart(2, '0')}:${match[3] ?? '00'}` : zone
}

/** `+02:00` or `Z` as metadata writes it: `UTC+2`, `UTC`. */
export function zoneNameOf(offset: string): string {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset)
  if (!match) return 'UTC'
  const [, sign, hours, minutes] = match
  if (Number(hours) === 0 && minutes === '00') return 'UTC'
  return `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}
