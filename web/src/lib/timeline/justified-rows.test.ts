import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { justifiedRows } from './justified-rows.ts'

const size = { width: 1000, targetHeight: 200, gap: 4 }

const ratios = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { maxLength: 200 })
const sizes = fc.record({
  width: fc.integer({ min: 200, max: 3000 }),
  targetHeight: fc.integer({ min: 60, max: 400 }),
  gap: fc.integer({ min: 0, max: 8 }),
})

describe('justified rows', () => {
  it('makes no rows of nothing', () => {
    expect(justifiedRows([], size)).toEqual([])
  })

  it('leaves a lonely picture at the usual height', () => {
    expect(justifiedRows([1.5], size)).toEqual([{ from: 0, to: 1, height: 200, width: 300 }])
  })

  it('draws a nearly full last row up to the edge', () => {
    const [row] = justifiedRows([1.5, 1.5, 1.4], size)
    expect(row?.width).toBeCloseTo(1000)
    expect(row?.height).toBeCloseTo(992 / 4.4)
  })

  it('keeps every picture, once and in order', () => {
    fc.assert(
      fc.property(ratios, sizes, (pictures, room) => {
        const rows = justifiedRows(pictures, room)
        expect(rows.flatMap(({ from, to }) => pictures.slice(from, to))).toEqual(pictures)
        for (const { from, to } of rows) expect(to).toBeGreaterThan(from)
      }),
    )
  })

  it('fills the width in every row but the last, and never more than the width', () => {
    fc.assert(
      fc.property(ratios, sizes, (pictures, room) => {
        const rows = justifiedRows(pictures, room)
        for (const { from, to, height, width } of rows) {
          const sum = pictures.slice(from, to).reduce((total, ratio) => total + ratio, 0)
          expect(sum * height + room.gap * (to - from - 1)).toBeCloseTo(width, 5)
          expect(width).toBeLessThanOrEqual(room.width + 1e-6)
        }
        for (const { width } of rows.slice(0, -1)) expect(width).toBeCloseTo(room.width, 5)
      }),
    )
  })

  it('stays near the usual height for usual pictures', () => {
    const usual = fc.array(fc.constantFrom(0.75, 1, 1.333, 1.5, 1.778), { minLength: 20, maxLength: 100 })
    fc.assert(
      fc.property(usual, (pictures) => {
        for (const { height } of justifiedRows(pictures, size)) {
          expect(height).toBeGreaterThan(130)
          expect(height).toBeLessThan(280)
        }
      }),
    )
  })
})
