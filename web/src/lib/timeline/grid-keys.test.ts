import { describe, expect, it } from 'vitest'
import { stepFrom } from './grid-keys.ts'
import type { MonthLayout, Tile } from './month-layout.ts'
import type { TimelineAsset } from './timeline-asset.ts'

const tile = (id: string, x: number, y: number, width = 100): Tile => ({
  asset: { id } as TimelineAsset,
  x,
  y,
  width,
  height: 100,
})

const july: MonthLayout = {
  height: 300,
  labels: [],
  tiles: [
    tile('a', 0, 50),
    tile('b', 100, 50),
    tile('c', 200, 50),
    tile('d', 0, 150, 60),
    tile('e', 60, 150, 240),
  ],
}
const june: MonthLayout = { height: 200, labels: [], tiles: [tile('f', 0, 50), tile('g', 100, 50)] }
const months = [july, undefined, june]

describe('arrow keys on the timeline', () => {
  it.each([
    ['b', 'ArrowRight', 'c'],
    ['c', 'ArrowRight', 'd'],
    ['e', 'ArrowRight', 'f'],
    ['f', 'ArrowLeft', 'e'],
    ['a', 'ArrowDown', 'd'],
    ['c', 'ArrowDown', 'e'],
    ['e', 'ArrowUp', 'b'],
    ['d', 'ArrowDown', 'f'],
    ['g', 'ArrowUp', 'e'],
    ['a', 'ArrowLeft', undefined],
    ['g', 'ArrowDown', undefined],
    ['a', 'Home', undefined],
    ['nobody', 'ArrowRight', undefined],
  ])('from %s, %s leads to %s', (from, key, to) => {
    expect(stepFrom(months, from, key)).toBe(to)
  })
})
