import { layOutMonth } from './month-layout.ts'
import type { GridSize, MonthLayout } from './month-layout.ts'
import type { TimelineAsset } from './timeline-asset.ts'

/** Lays out a month only when its pictures or the width changed, however often the screen is drawn. */
export function createLayoutMemory(): (assets: readonly TimelineAsset[], size: GridSize) => MonthLayout {
  const known = new WeakMap<readonly TimelineAsset[], { width: number; layout: MonthLayout }>()

  return (assets, size) => {
    const last = known.get(assets)
    if (last?.width === size.width) return last.layout
    const layout = layOutMonth(assets, size)
    known.set(assets, { width: size.width, layout })
    return layout
  }
}
