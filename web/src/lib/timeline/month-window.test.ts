import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anchorAt, monthAt, monthsBetween, positionOf, stack, tilesBetween } from './month-window.ts'

const heights = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 })

describe('which months are on screen', () => {
  const tops = stack([100, 50, 200])

  it('stacks them', () => {
    expect(tops).toEqual([0, 100, 150, 350])
  })

  it.each([
    [-20, 0],
    [0, 0],
    [99, 0],
    [100, 1],
    [150, 2],
    [9999, 2],
  ])('finds the month at %d', (y, month) => {
    expect(monthAt(tops, y)).toBe(month)
  })

  it('finds the stretch of a screen', () => {
    expect(monthsBetween(tops, 90, 120)).toEqual([0, 1])
  })

  it('agrees with looking at each month in turn', () => {
    fc.assert(
      fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (months, share) => {
        const all = stack(months)
        const y = share * ((all.at(-1) ?? 0) - 1)
        const slow = months.findIndex(
          (height, index) => y >= (all[index] ?? 0) && y < (all[index] ?? 0) + height,
        )
        expect(monthAt(all, y)).toBe(slow)
      }),
    )
  })
})

describe('what is on screen stays there', () => {
  it('when months above turn out higher than guessed', () => {
    const before = stack([100, 50, 200])
    const anchor = anchorAt(before, 170)
    expect(positionOf(stack([900, 70, 200]), anchor)).toBeCloseTo(900 + 70 + 20)
  })

  it('to the pixel when nothing changed', () => {
    fc.assert(
      fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (months, share) => {
        const tops = stack(months)
        const y = share * (tops.at(-1) ?? 0)
        expect(positionOf(tops, anchorAt(tops, y))).toBeCloseTo(y, 5)
      }),
    )
  })
})

it('draws only the pictures that touch the screen', () => {
  const tiles = [0, 0, 100, 200, 300].map((y) => ({ y, height: 90 }))
  expect(tilesBetween(tiles, 95, 210)).toEqual([
    { y: 100, height: 90 },
    { y: 200, height: 90 },
  ])
})
