import { expect, test } from 'vitest'
import { databaseDate } from './asset-wire.ts'
import { capturedField, checksumInHex, textBoolean } from './wire-fields.ts'

const hex = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'

test.each([
  ['hex', hex],
  ['hex in capitals', hex.toUpperCase()],
  ['base64', Buffer.from(hex, 'hex').toString('base64')],
])('a checksum in %s is understood', (_, text) => {
  expect(checksumInHex(text)).toBe(hex)
})

test.each(['', 'abc', 'undefined', `${hex}00`, "'; drop table assets; --"])('%j is no checksum', (text) => {
  expect(checksumInHex(text)).toBeUndefined()
})

test.each([
  ['2020-01-01T00:30:00+02:00', '2019-12-31T22:30:00.000Z', '2020-01-01T00:30:00.000Z', 'UTC+2'],
  ['2020-01-01T00:30:00Z', '2020-01-01T00:30:00.000Z', '2020-01-01T00:30:00.000Z', 'UTC'],
  ['2020-01-01T00:30:00.5', '2020-01-01T00:30:00.500Z', '2020-01-01T00:30:00.500Z', null],
])('a date written %s keeps its wall clock', (text, instant, local, timeZone) => {
  expect(capturedField.parse(text)).toEqual({ instant, local, timeZone })
})

test.each(['yesterday', '2020-13-01T00:00:00Z', '01/02/2020'])('%s is no date', (text) => {
  expect(capturedField.safeParse(text).success).toBe(false)
})

test('only lower-case true and false are booleans in a form', () => {
  expect([textBoolean.parse('true'), textBoolean.parse('false')]).toEqual([true, false])
  for (const text of ['TRUE', '1', 'yes', '']) expect(textBoolean.safeParse(text).success).toBe(false)
})

test.each([
  ['2012-08-05T11:39:59.000Z', '2012-08-05T11:39:59+00:00'],
  ['2016-09-22T21:10:29.060Z', '2016-09-22T21:10:29.06+00:00'],
  ['2016-09-22T21:10:00.348Z', '2016-09-22T21:10:00.348+00:00'],
])('%s among the EXIF facts reads %s', (iso, text) => {
  expect(databaseDate(iso)).toBe(text)
})
