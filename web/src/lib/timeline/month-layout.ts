import { justifiedRows } from './justified-rows.ts'
import type { RowSize } from './justified-rows.ts'
import { dayOf } from './timeline-asset.ts'
import type { TimelineAsset } from './timeline-asset.ts'

/** A picture's place in its month, in pixels from the month's top left corner. */
export type Tile = { asset: TimelineAsset; x: number; y: number; width: number; height: number }

export type DayLabel = { day: string; places: string[]; x: number; y: number; width: number }

export type MonthLayout = { height: number; tiles: Tile[]; labels: DayLabel[] }

export type GridSize = RowSize & { monthHeader: number; dayHeader: number; dayGap: number }

type Day = { day: string; assets: TimelineAsset[] }

/** Short days share a line when they fit side by side; a label still needs this much. */
const narrowestDay = 96

/** Lays out one month, newest day first: a heading, then days, each with its label over justified rows. */
export function layOutMonth(assets: readonly TimelineAsset[], size: GridSize): MonthLayout {
  const layout: MonthLayout = { height: size.monthHeader, tiles: [], labels: [] }
  let x = 0
  let y = size.monthHeader

  for (const { day, assets: ofDay } of days(assets)) {
    const ratios = ofDay.map((asset) => asset.ratio)
    const rows = justifiedRows(ratios, size)
    const dayWidth = rows.length === 1 ? Math.max(rows[0]?.width ?? 0, narrowestDay) : size.width
    if (x > 0 && x + dayWidth > size.width) {
      x = 0
      y = layout.height
    }

    layout.labels.push({ day, places: placesOf(ofDay), x, y, width: dayWidth })
    let top = y + size.dayHeader
    for (const row of rows) {
      let left = x
      for (const asset of ofDay.slice(row.from, row.to)) {
        const width = asset.ratio * row.height
        layout.tiles.push({ asset, x: left, y: top, width, height: row.height })
        left += width + size.gap
      }
      top += row.height + size.gap
    }
    layout.height = Math.max(layout.height, top)
    x += dayWidth + size.dayGap
  }
  return layout
}

/** How high a month will be, guessed from its count before its pictures are known. */
export function guessMonthHeight(count: number, size: GridSize): number {
  const usualRatio = 1.35
  const perRow = Math.max(1, Math.floor(size.width / (usualRatio * size.targetHeight + size.gap)))
  const lines = Math.ceil(count / perRow)
  return size.monthHeader + lines * (size.targetHeight + size.gap) + Math.ceil(lines / 2) * size.dayHeader
}

function days(assets: readonly TimelineAsset[]): Day[] {
  const days: Day[] = []
  for (const asset of assets) {
    const day = dayOf(asset)
    const last = days.at(-1)
    if (last?.day === day) last.assets.push(asset)
    else days.push({ day, assets: [asset] })
  }
  return days
}

const placesOf = (assets: readonly TimelineAsset[]): string[] => [
  ...new Set(assets.map((asset) => asset.place).filter((place) => place !== null)),
]
