import { badRequest } from '../platform/problem.ts'
import { utcTime } from '../platform/utc-time.ts'
import { editedFields, type AssetRow, type EditedField, type ExifRow } from './asset-rows.ts'
import { monthOf, type AssetChanges } from './assets.ts'
import { wallClockIn } from './time-zone.ts'

type Edit = { row: AssetRow; exif: ExifRow; changes: AssetChanges; now: string }

/** What an asset's rows are after a person's changes, and which of them reading the file again must keep. */
export function changedRows({ row, exif, changes, now }: Edit): { row: AssetRow; exif: ExifRow } {
  const { isFavorite, visibility, place, rating, description } = changes
  const date = changedDate(row, exif, changes)
  const edited = new Set(editedFields(exif))
  const note = (field: EditedField, changed: boolean) => changed && edited.add(field)
  note('date', date !== undefined)
  note('place', place !== undefined)
  note('rating', rating !== undefined)
  note('text', description !== undefined)

  return {
    row: {
      ...row,
      ...(date && { file_created_at: date.instant, local_date_time: date.local, month: monthOf(date.local) }),
      is_favorite: isFavorite === undefined ? row.is_favorite : flag(isFavorite),
      visibility: visibility ?? row.visibility,
      updated_at: now,
    },
    exif: {
      ...exif,
      ...(date && { date_time_original: date.instant, time_zone: date.timeZone }),
      ...place,
      rating: rating === undefined ? exif.rating : rating,
      description: description ?? exif.description,
      edited: JSON.stringify([...edited]),
    },
  }
}

const flag = (value: boolean) => (value ? 1 : 0)

type ChangedDate = { instant: string; local: string; timeZone: string | null }

function changedDate(row: AssetRow, exif: ExifRow, changes: AssetChanges): ChangedDate | undefined {
  const { captured, shiftMinutes, timeZone } = changes
  if (captured === undefined && shiftMinutes === undefined && timeZone === undefined) return undefined
  const base = captured ?? {
    instant: row.file_created_at,
    local: row.local_date_time,
    timeZone: exif.time_zone,
  }
  const moved = shiftMinutes === undefined ? base : shift(base, shiftMinutes)
  if (timeZone === undefined) return moved
  const local = wallClockIn(timeZone, moved.instant)
  if (local === undefined) throw badRequest(`Unknown time zone ${JSON.stringify(timeZone)}`)
  return { instant: moved.instant, local, timeZone }
}

const shift = (date: ChangedDate, minutes: number): ChangedDate => {
  const move = (time: string) => utcTime(Date.parse(time) + minutes * 60_000)
  return { ...date, instant: move(date.instant), local: move(date.local) }
}
