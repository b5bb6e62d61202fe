/** A spot that stays put while months around it change their heights: a month, and how far down it. */
export type Anchor = { month: number; fraction: number }

/** Tops of all months, one under the other, and the whole height as the last entry. */
export function stack(heights: readonly number[]): number[] {
  const tops = [0]
  for (const height of heights) tops.push((tops.at(-1) ?? 0) + height)
  return tops
}

/** The month that `y` lies in, by binary search; the nearest one when it lies outside. */
export function monthAt(tops: readonly number[], y: number): number {
  let low = 0
  let high = Math.max(0, tops.length - 2)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((tops[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return low
}

/** First and last month that touch the stretch from `top` to `bottom`. */
export const monthsBetween = (
  tops: readonly number[],
  top: number,
  bottom: number,
): [first: number, last: number] => [monthAt(tops, top), monthAt(tops, bottom)]

export function anchorAt(tops: readonly number[], y: number): Anchor {
  const month = monthAt(tops, y)
  const top = tops[month] ?? 0
  const height = (tops[month + 1] ?? top) - top
  return { month, fraction: height > 0 ? (y - top) / height : 0 }
}

export function positionOf(tops: readonly number[], { month, fraction }: Anchor): number {
  const top = tops[month] ?? 0
  return top + fraction * ((tops[month + 1] ?? top) - top)
}

/** The tiles that touch the stretch; tiles lie in order of their `y`, so the search stops early. */
export function tilesBetween<T extends { y: number; height: number }>(
  tiles: readonly T[],
  top: number,
  bottom: number,
): T[] {
  const seen: T[] = []
  for (const tile of tiles) {
    if (tile.y > bottom) break
    if (tile.y + tile.height >= top) seen.push(tile)
  }
  return seen
}
