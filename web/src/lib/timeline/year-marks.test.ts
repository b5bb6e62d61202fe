import { expect, it } from 'vitest'
import { yearAt, yearMarks } from './year-marks.ts'

const marks = yearMarks(['2022-03-01', '2021-07-01', '2021-06-01', '2019-01-01'], [0, 100, 300, 900])

it('marks each year once, where its newest month begins', () => {
  expect(marks).toEqual([
    { year: '2022', top: 0 },
    { year: '2021', top: 100 },
    { year: '2019', top: 900 },
  ])
})

it.each([
  [-50, '2022'],
  [0, '2022'],
  [100, '2021'],
  [899, '2021'],
  [5000, '2019'],
])('knows the year at %d', (y, year) => {
  expect(yearAt(marks, y)).toBe(year)
})

it('knows no year where there are no photos', () => {
  expect(yearAt(yearMarks([], [0]), 0)).toBeUndefined()
})
