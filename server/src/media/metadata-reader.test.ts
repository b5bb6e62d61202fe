import { expect, test } from 'vitest'
import { toMetadata } from './metadata-reader.ts'

test('a file that says nothing about itself is no error', () => {
  expect(toMetadata({}, 'IMAGE')).toMatchObject({
    captured: null,
    make: null,
    width: null,
    description: '',
    rating: null,
    durationMs: null,
  })
})

test.each([5, 6, 7, 8])('orientation %i turns width and height', (Orientation) => {
  expect(toMetadata({ ImageWidth: 4000, ImageHeight: 3000, Orientation }, 'IMAGE')).toMatchObject({
    exifWidth: 4000,
    exifHeight: 3000,
    width: 3000,
    height: 4000,
    orientation: String(Orientation),
  })
})

test('what a picture really measures goes before what its camera once wrote', () => {
  const tags = { ImageWidth: 600, ImageHeight: 315, ExifImageWidth: 5184, ExifImageHeight: 2720 }
  expect(toMetadata(tags, 'IMAGE')).toMatchObject({ exifWidth: 600, exifHeight: 315 })
})

test.each([
  ['null island, which means no fix', { GPSLatitude: 0, GPSLongitude: 0 }],
  ['a latitude alone', { GPSLatitude: 52.5 }],
  ['a place off the globe', { GPSLatitude: 152.5, GPSLongitude: 13 }],
])('%s is no place', (_, tags) => {
  expect(toMetadata(tags, 'IMAGE')).toMatchObject({ latitude: null, longitude: null })
})

test('a place on the equator is a place', () => {
  expect(toMetadata({ GPSLatitude: 0, GPSLongitude: 9.5 }, 'IMAGE')).toMatchObject({
    latitude: 0,
    longitude: 9.5,
  })
})

test.each([
  [5, 5],
  [-1, -1],
  [0, null],
  [99, null],
  [3.5, null],
])('a rating of %d reads %d', (Rating, rating) => {
  expect(toMetadata({ Rating }, 'IMAGE').rating).toBe(rating)
})

test('numbers beyond what the database holds are dropped', () => {
  expect(toMetadata({ ISO: 4_294_967_295 }, 'IMAGE').iso).toBeNull()
  expect(toMetadata({ ISO: [200, 400] }, 'IMAGE').iso).toBe(200)
  expect(toMetadata({ Duration: 1e300 }, 'VIDEO').durationMs).toBeNull()
  const claimed = { ImageWidth: 4_294_967_295, ImageHeight: 4_294_967_295 }
  expect(toMetadata(claimed, 'IMAGE')).toMatchObject({ width: null, height: null, exifWidth: null })
})

test('text is kept without what no database keeps', () => {
  const tags = { Make: 'Porch\0\0', ExposureTime: '1/250\0', ImageDescription: 'half \ud83d' }
  const kept = { make: 'Porch', exposureTime: '1/250', description: 'half \ufffd' }
  expect(toMetadata(tags, 'IMAGE')).toMatchObject(kept)
})

test('only videos last', () => {
  expect(toMetadata({ Duration: 3.04 }, 'VIDEO').durationMs).toBe(3040)
  expect(toMetadata({ Duration: 3.04 }, 'IMAGE').durationMs).toBeNull()
})
