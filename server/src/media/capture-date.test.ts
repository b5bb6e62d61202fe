import { expect, test } from 'vitest'
import { captureDateOf } from './capture-date.ts'

const noon = { year: 2021, month: 7, day: 28, hour: 12, minute: 0, second: 0 }

test('with a zone, the instant is not the wall clock', () => {
  const tags = { DateTimeOriginal: { ...noon, millisecond: 250, tzoffsetMinutes: -420, zone: 'UTC-7' } }
  expect(captureDateOf(tags, 'IMAGE')).toEqual({
    instant: '2021-07-28T19:00:00.250Z',
    local: '2021-07-28T12:00:00.250Z',
    timeZone: 'UTC-7',
  })
})

test('without a zone, the wall clock stands for the instant', () => {
  expect(captureDateOf({ DateTimeOriginal: noon }, 'IMAGE')).toEqual({
    instant: '2021-07-28T12:00:00.000Z',
    local: '2021-07-28T12:00:00.000Z',
    timeZone: null,
  })
})

test('a photo’s own date goes before the date of its file', () => {
  const tags = { CreateDate: { ...noon, year: 2025 }, DateTimeOriginal: noon }
  expect(captureDateOf(tags, 'IMAGE')?.local).toBe('2021-07-28T12:00:00.000Z')
})

test('an iPhone video’s date with a zone goes before the container’s date', () => {
  const tags = {
    CreateDate: { ...noon, year: 2025 },
    CreationDate: { ...noon, tzoffsetMinutes: 120, zone: 'UTC+2' },
  }
  expect(captureDateOf(tags, 'VIDEO')).toMatchObject({
    instant: '2021-07-28T10:00:00.000Z',
    timeZone: 'UTC+2',
  })
})

test('a camera without a clock has no date: zeros, texts and years before photography are passed over', () => {
  const tags = {
    SubSecDateTimeOriginal: '0000:00:00 00:00:00',
    DateTimeOriginal: { ...noon, year: 0 },
    CreateDate: { ...noon, year: 1601 },
  }
  expect(captureDateOf(tags, 'IMAGE')).toBeNull()
  expect(captureDateOf({ ...tags, MediaCreateDate: noon }, 'IMAGE')?.local).toBe('2021-07-28T12:00:00.000Z')
})

test('a zone cannot push a date out of the years that a timeline has', () => {
  const last = { year: 9999, month: 12, day: 31, hour: 23, minute: 0, second: 0, tzoffsetMinutes: -720 }
  expect(captureDateOf({ DateTimeOriginal: last }, 'IMAGE')).toMatchObject({
    instant: '9999-12-31T23:59:59.999Z',
    local: '9999-12-31T23:00:00.000Z',
  })
})
