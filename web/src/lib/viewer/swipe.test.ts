import { expect, it } from 'vitest'
import { swipeOutcome } from './swipe.ts'

it.each([
  ['far to the left', { dx: -150, dy: 10, milliseconds: 900 }, 'older'],
  ['far to the right', { dx: 150, dy: -10, milliseconds: 900 }, 'newer'],
  ['a quick flick', { dx: -40, dy: 3, milliseconds: 60 }, 'older'],
  ['a slow nudge', { dx: -60, dy: 3, milliseconds: 900 }, 'stay'],
  ['a pull down', { dx: 20, dy: 200, milliseconds: 500 }, 'close'],
  ['a push up', { dx: 20, dy: -200, milliseconds: 500 }, 'stay'],
  ['a tap', { dx: 0, dy: 0, milliseconds: 0 }, 'stay'],
] as const)('%s means %s', (_name, finger, outcome) => {
  expect(swipeOutcome({ ...finger, width: 390 })).toBe(outcome)
})
