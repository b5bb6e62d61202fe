import { describe, expect, it } from 'vitest'
import { gridSizeFor } from './grid-size.ts'
import { createLayoutMemory } from './layout-memory.ts'
import { guessMonthHeight, layOutMonth } from './month-layout.ts'
import type { TimelineAsset } from './timeline-asset.ts'

const size = gridSizeFor(1200)
let next = 0

const taken = (time: string, extra: Partial<TimelineAsset> = {}): TimelineAsset => ({
  id: `asset-${next++}`,
  ratio: 1.5,
  isImage: true,
  isFavorite: false,
  thumbhash: null,
  takenAt: Date.parse(`${time}Z`),
  durationMs: null,
  place: null,
  ...extra,
})

describe('a month on the page', () => {
  it('labels each day once, with its places', () => {
    const layout = layOutMonth(
      [
        taken('2021-07-28T20:00', { place: 'Oslo' }),
        taken('2021-07-28T08:00', { place: 'Berlin' }),
        taken('2021-07-28T07:00', { place: 'Oslo' }),
        taken('2021-07-02T08:00'),
      ],
      size,
    )
    expect(layout.labels.map(({ day, places }) => ({ day, places }))).toEqual([
      { day: '2021-07-28', places: ['Oslo', 'Berlin'] },
      { day: '2021-07-02', places: [] },
    ])
  })

  it('puts short days side by side, and a full day on a line of its own', () => {
    const pair = layOutMonth([taken('2021-07-28T08:00'), taken('2021-07-02T08:00')], size)
    expect(pair.labels[0]?.y).toBe(pair.labels[1]?.y)
    expect(pair.labels[1]?.x).toBeGreaterThan(pair.labels[0]?.width ?? Infinity)

    const fullDay = Array.from({ length: 12 }, () => taken('2021-07-28T08:00'))
    const both = layOutMonth([...fullDay, taken('2021-07-02T08:00')], size)
    expect(both.labels[1]?.y).toBeGreaterThan(both.labels[0]?.y ?? Infinity)
    expect(both.labels[1]?.x).toBe(0)
  })

  it('overlaps no two pictures and keeps them inside its own height and width', () => {
    const assets = Array.from({ length: 60 }, (_, index) =>
      taken(`2021-07-${String(28 - Math.floor(index / 4)).padStart(2, '0')}T08:00`, {
        ratio: [0.66, 1.5, 1.78, 1][index % 4] ?? 1,
      }),
    )
    const { tiles, height } = layOutMonth(assets, size)
    expect(tiles).toHaveLength(60)
    for (const [index, a] of tiles.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(size.width + 1e-6)
      expect(a.y + a.height).toBeLessThanOrEqual(height)
      for (const b of tiles.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        expect(apart).toBe(true)
      }
    }
  })

  it('lays pictures out in order of their height on the page, as the window search needs', () => {
    const assets = Array.from({ length: 80 }, (_, index) =>
      taken(`2021-07-${28 - Math.floor(index / 8)}T08:00`),
    )
    const tops = layOutMonth(assets, size).tiles.map(({ y }) => y)
    expect(tops).toEqual([...tops].sort((a, b) => a - b))
  })

  it('survives a picture without a date', () => {
    expect(layOutMonth([taken('nonsense')], size).labels[0]?.day).toBe('unknown')
  })

  it('guesses a height in the right order of magnitude', () => {
    const assets = Array.from({ length: 120 }, (_, index) =>
      taken(`2021-07-${28 - Math.floor(index / 6)}T08:00`),
    )
    const ratio = guessMonthHeight(120, size) / layOutMonth(assets, size).height
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })
})

describe('remembering layouts', () => {
  it('lays a month out again only when it or the width changed', () => {
    const layoutOf = createLayoutMemory()
    const assets = [taken('2021-07-28T08:00')]
    const first = layoutOf(assets, size)
    expect(layoutOf(assets, { ...size })).toBe(first)
    expect(layoutOf(assets, gridSizeFor(390))).not.toBe(first)
    expect(layoutOf([...assets], size)).not.toBe(first)
  })
})
