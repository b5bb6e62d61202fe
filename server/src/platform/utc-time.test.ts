import { expect, test } from 'vitest'
import { utcTime } from './utc-time.ts'

test.each([
  ['2024-05-05T10:00:00.250Z', '2024-05-05T10:00:00.250Z'],
  ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ['0000-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'],
  ['-007483-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['+010000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
])('%s is kept as %s', (time, kept) => {
  expect(utcTime(Date.parse(time))).toBe(kept)
})

test('beyond all dates there is still a last one', () => {
  expect(utcTime(Infinity)).toBe('9999-12-31T23:59:59.999Z')
})
