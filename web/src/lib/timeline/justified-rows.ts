/** Pictures `from` up to but not including `to`, all `height` pixels high, `width` pixels wide together with gaps. */
export type Row = { from: number; to: number; height: number; width: number }

export type RowSize = { width: number; targetHeight: number; gap: number }

/** A last row this much too short of the width may still be drawn up to it. */
const almostFull = 1.2

/**
 * Breaks pictures into rows that fill the width at roughly the target height, in order, in one pass.
 * A row ends where adding one more picture would bring it further from the target than leaving it out;
 * the last row keeps the target height instead of blowing up a lonely picture.
 */
export function justifiedRows(ratios: readonly number[], { width, targetHeight, gap }: RowSize): Row[] {
  const rows: Row[] = []
  const heightOf = (sum: number, count: number): number => (width - gap * (count - 1)) / sum
  let from = 0
  let sum = 0

  ratios.forEach((ratio, index) => {
    const count = index - from
    if (count > 0) {
      const without = heightOf(sum, count)
      const withIt = heightOf(sum + ratio, count + 1)
      if (without / targetHeight <= targetHeight / withIt) {
        rows.push({ from, to: index, height: without, width })
        from = index
        sum = 0
      }
    }
    sum += ratio
  })

  if (from < ratios.length) {
    const count = ratios.length - from
    const filling = heightOf(sum, count)
    const height = filling <= targetHeight * almostFull ? filling : targetHeight
    rows.push({ from, to: ratios.length, height, width: sum * height + gap * (count - 1) })
  }
  return rows
}
