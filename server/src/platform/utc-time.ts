const earliest = Date.parse('0001-01-01T00:00:00.000Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * A time in milliseconds since 1970 as ISO 8601 in UTC, `2024-05-05T10:00:00.000Z`, brought into the years 0001 to 9999:
 * beyond them its year has a sign and six digits, and times no longer sort as their texts do.
 *
 * @throws {RangeError} for NaN
 */
export const utcTime = (milliseconds: number): string =>
  new Date(Math.min(latest, Math.max(earliest, milliseconds))).toISOString()
