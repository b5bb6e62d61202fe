import { describe, expect, it } from 'vitest'
import type { TimelineAsset } from './timeline-asset.ts'
import {
  markStale,
  mergeBuckets,
  neighboursOf,
  patchAsset,
  withAssets,
  withoutAsset,
} from './timeline-months.ts'
import type { Month } from './timeline-months.ts'

const asset = (id: string): TimelineAsset => ({
  id,
  ratio: 1,
  isImage: true,
  isFavorite: false,
  thumbhash: null,
  takenAt: 0,
  durationMs: null,
  place: null,
})

const month = (bucket: string, ...ids: string[]): Month => ({
  bucket,
  count: ids.length,
  assets: ids.map(asset),
  stale: false,
})

describe('reading the months again', () => {
  const known = [month('2021-07-01', 'a', 'b'), month('2021-06-01', 'c')]

  it('keeps pictures on screen and asks again for a month whose count changed', () => {
    const merged = mergeBuckets(known, [
      { timeBucket: '2021-08-01', count: 1 },
      { timeBucket: '2021-07-01', count: 3 },
      { timeBucket: '2021-06-01', count: 1 },
    ])
    expect(merged.map(({ bucket, stale }) => [bucket, stale])).toEqual([
      ['2021-08-01', false],
      ['2021-07-01', true],
      ['2021-06-01', false],
    ])
    expect(merged[0]?.assets).toBeUndefined()
    expect(merged[1]?.assets).toBe(known[0]?.assets)
  })

  it('forgets months that are gone', () => {
    expect(mergeBuckets(known, [])).toEqual([])
  })

  it('asks again for the month a new picture was last seen in', () => {
    expect(markStale(known, new Set(['c'])).map(({ stale }) => stale)).toEqual([false, true])
  })

  it('takes a month as it came, and drops it when it came empty', () => {
    const [fresh] = withAssets(markStale(known, new Set(['a'])), '2021-07-01', [asset('z')])
    expect(fresh).toEqual(month('2021-07-01', 'z'))
    expect(withAssets(known, '2021-07-01', []).map(({ bucket }) => bucket)).toEqual(['2021-06-01'])
  })
})

describe('changing one picture', () => {
  const known = [month('2021-07-01', 'a', 'b'), month('2021-06-01', 'c')]

  it('marks a favourite and leaves the other months alone', () => {
    const patched = patchAsset(known, 'b', { isFavorite: true })
    expect(patched[0]?.assets?.map(({ isFavorite }) => isFavorite)).toEqual([false, true])
    expect(patched[1]).toBe(known[1])
  })

  it('takes out what went to the trash, and a month with its last picture', () => {
    expect(withoutAsset(known, 'a')[0]).toEqual(month('2021-07-01', 'b'))
    expect(withoutAsset(known, 'c').map(({ bucket }) => bucket)).toEqual(['2021-07-01'])
  })
})

describe('leafing', () => {
  const known: Month[] = [
    { bucket: '2021-08-01', count: 4, stale: false },
    month('2021-07-01', 'a', 'b'),
    month('2021-06-01', 'c'),
  ]

  it('crosses from one month to the next', () => {
    expect(neighboursOf(known, 'b')).toMatchObject({ newer: { id: 'a' }, older: { id: 'c' }, missing: [] })
  })

  it('names the month it needs before it can go on', () => {
    expect(neighboursOf(known, 'a')).toMatchObject({ newer: undefined, missing: ['2021-08-01'] })
  })

  it('ends at the oldest picture', () => {
    expect(neighboursOf(known, 'c')).toMatchObject({ newer: { id: 'b' }, older: undefined, missing: [] })
  })

  it('knows nothing around a picture it does not know', () => {
    expect(neighboursOf(known, 'elsewhere')).toBeUndefined()
  })
})
