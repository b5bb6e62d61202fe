import { expect, it } from 'vitest'
import { bytes, clock } from './amounts.ts'

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [2_924_490, '2.9 MB'],
  [410_000_000, '410 MB'],
  [5e15, '5000 TB'],
])('%d bytes read %s', (count, text) => {
  expect(bytes(count)).toBe(text)
})

it.each([
  [0, '0:00'],
  [65_000, '1:05'],
  [3_723_000, '1:02:03'],
  [59_600, '1:00'],
])('%d milliseconds read %s', (milliseconds, text) => {
  expect(clock(milliseconds)).toBe(text)
})
