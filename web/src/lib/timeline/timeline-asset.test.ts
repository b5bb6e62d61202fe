import { describe, expect, it } from 'vitest'
import type { AssetResponseDto, TimeBucketAssetResponseDto } from '../api/api-types.ts'
import { assetsOfMonth, bucketOf, dayOf, timelineAssetOf } from './timeline-asset.ts'

const columns: TimeBucketAssetResponseDto = {
  id: ['a', 'b'],
  ratio: [1.333, 0],
  isImage: [true, false],
  isFavorite: [false, true],
  thumbhash: ['n7cFHYRf', null],
  fileCreatedAt: ['2021-07-28T22:30:00', '2021-07-28T02:00:00.5'],
  localOffsetHours: [2, -5.5],
  duration: [null, 65_000],
  city: ['Berlin', null],
  country: ['Germany', 'India'],
}

describe('the columns of a month', () => {
  const [photo, video] = assetsOfMonth(columns)

  it('become pictures on the day it was where they were taken', () => {
    expect(photo && dayOf(photo)).toBe('2021-07-29')
    expect(video && dayOf(video)).toBe('2021-07-27')
  })

  it('name the city, else the country', () => {
    expect([photo?.place, video?.place]).toEqual(['Berlin', 'India'])
  })

  it('turn an unknown shape into a square', () => {
    expect(video).toMatchObject({ ratio: 1, isImage: false, isFavorite: true, durationMs: 65_000 })
  })

  it('may lack places', () => {
    const { city: _city, country: _country, ...bare } = columns
    expect(assetsOfMonth(bare)[0]?.place).toBeNull()
  })
})

describe('one asset on its own', () => {
  const asset = {
    id: 'a',
    type: 'VIDEO',
    localDateTime: '2021-07-28T08:36:00.000Z',
    width: null,
    height: null,
    isFavorite: false,
    thumbhash: null,
    duration: 5_000,
  } as AssetResponseDto

  it('knows its month', () => {
    expect(bucketOf(asset)).toBe('2021-07-01')
  })

  it('can be shown before its month is loaded', () => {
    expect(timelineAssetOf(asset)).toMatchObject({
      id: 'a',
      isImage: false,
      ratio: 1,
      durationMs: 5_000,
      place: null,
    })
    expect(timelineAssetOf({ ...asset, width: 3000, height: 4000 }).ratio).toBe(0.75)
  })
})
