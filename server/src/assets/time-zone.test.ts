import { expect, test } from 'vitest'
import { wallClockIn, zoneNameOf } from './time-zone.ts'

test.each([
  ['Europe/Berlin', '2024-07-01T10:00:00.250Z', '2024-07-01T12:00:00.250Z'],
  ['Europe/Berlin', '2024-01-01T10:00:00.000Z', '2024-01-01T11:00:00.000Z'],
  ['UTC-7', '2024-01-01T03:00:00.000Z', '2023-12-31T20:00:00.000Z'],
  ['UTC+5:30', '2024-01-01T00:00:00.000Z', '2024-01-01T05:30:00.000Z'],
  ['UTC', '2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'],
  ['UTC+1', '0050-06-01T12:00:00.000Z', '0050-06-01T13:00:00.000Z'],
  ['UTC-12', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ['UTC+12', '9999-12-31T23:00:00.000Z', '9999-12-31T23:59:59.999Z'],
])('in %s the clock at %s shows %s', (zone, instant, local) => {
  expect(wallClockIn(zone, instant)).toBe(local)
})

test('a zone nobody knows has no clock', () => {
  expect(wallClockIn('Middle-Earth/Shire', '2024-01-01T00:00:00Z')).toBeUndefined()
})

test.each([
  ['Z', 'UTC'],
  ['+00:00', 'UTC'],
  ['-07:00', 'UTC-7'],
  ['+05:30', 'UTC+5:30'],
  ['+1000', 'UTC+10'],
])('the offset %s is written %s', (offset, name) => {
  expect(zoneNameOf(offset)).toBe(name)
})
