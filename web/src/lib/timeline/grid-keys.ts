import type { MonthLayout, Tile } from './month-layout.ts'

type Layouts = readonly (MonthLayout | undefined)[]

/** The picture that an arrow key leads to: along the timeline, or to the nearest one in the line above or below. */
export function stepFrom(layouts: Layouts, id: string, key: string): string | undefined {
  const tiles = layouts.flatMap((layout, month) => layout?.tiles.map((tile) => ({ ...tile, month })) ?? [])
  const at = tiles.findIndex(({ asset }) => asset.id === id)
  const here = tiles[at]
  if (!here) return undefined
  if (key === 'ArrowLeft') return tiles[at - 1]?.asset.id
  if (key === 'ArrowRight') return tiles[at + 1]?.asset.id
  if (key === 'ArrowUp') return nearestInNextLine(tiles.slice(0, at).toReversed(), here)
  if (key === 'ArrowDown') return nearestInNextLine(tiles.slice(at + 1), here)
  return undefined
}

type Placed = Tile & { month: number }

function nearestInNextLine(tiles: readonly Placed[], here: Placed): string | undefined {
  const line = tiles.find(({ y, month }) => y !== here.y || month !== here.month)
  if (!line) return undefined
  const middle = here.x + here.width / 2
  const distance = (tile: Placed): number => Math.abs(tile.x + tile.width / 2 - middle)
  return tiles
    .filter(({ y, month }) => y === line.y && month === line.month)
    .reduce((best, tile) => (distance(tile) < distance(best) ? tile : best), line).asset.id
}

/** Moves the keyboard focus for an arrow key pressed on a picture. */
export function stepFocus(
  event: KeyboardEvent,
  grid: HTMLElement,
  layouts: Layouts,
  reveal: (id: string) => void,
): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !event.key.startsWith('Arrow')) return
  const id =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset['asset'] : undefined
  if (id === undefined || !grid.contains(document.activeElement)) return
  const next = stepFrom(layouts, id, event.key)
  if (next === undefined) return
  event.preventDefault()
  reveal(next)
}
