import { z } from 'zod'
import { utcTime } from '../platform/utc-time.ts'
import { zoneNameOf } from './time-zone.ts'

/*
 * Fields of Immich's requests that several routes share, with the texts that its clients know.
 */

export const idField = z.uuidv4()
export const idParams = z.object({ id: idField })
/** More than any client sends at once, fewer than would hold everybody else up. */
export const idList = z.array(idField).max(100_000)
export const idsBody = z.object({ ids: idList.min(1) }).meta({ id: 'BulkIdsDto' })

/** Only lower-case `true` and `false`: anything else in a query or a form is an error. */
export const textBoolean = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })

const isoDateError = (issue: { input?: unknown }) =>
  `Invalid input: expected ISO 8601 datetime string, received ${issue.input === undefined ? 'undefined' : typeof issue.input}`

/** `2024-05-05T10:00:00.000+02:00`, brought to UTC. The offset is required. */
export const isoInstant = z
  .string({ error: isoDateError })
  .pipe(z.iso.datetime({ offset: true, error: isoDateError }))
  .transform((text) => utcTime(Date.parse(text)))

/** A moment as a person writes it: with an offset, or a wall clock that is then taken as UTC. */
export const capturedField = z
  .string()
  .pipe(z.iso.datetime({ offset: true, local: true, error: isoDateError }))
  .transform((text) => {
    const [, wallClock = text, offset] = /^(.*?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? []
    return {
      instant: utcTime(Date.parse(`${wallClock}${offset ?? 'Z'}`)),
      local: utcTime(Date.parse(`${wallClock}Z`)),
      timeZone: offset === undefined ? null : zoneNameOf(offset),
    }
  })

/** SHA-1 as clients send it: hex, or base64 (28 characters). In hex; undefined for anything else. */
export function checksumInHex(text: string): string | undefined {
  if (/^[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  if (!/^[A-Za-z0-9+/]{27}=$/.test(text)) return undefined
  return Buffer.from(text, 'base64').toString('hex')
}
