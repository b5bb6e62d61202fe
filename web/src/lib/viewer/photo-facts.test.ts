import { expect, it } from 'vitest'
import { cameraOf, exposureOf, placeOf, sizeOf } from './photo-facts.ts'

it('tells the exposure as far as the camera told it', () => {
  expect(exposureOf({ fNumber: 1.8, exposureTime: '1/250', focalLength: 26, iso: 282 })).toBe(
    'f/1.8 · 1/250 s · 26 mm · ISO 282',
  )
  expect(exposureOf({ iso: 100, fNumber: null })).toBe('ISO 100')
  expect(exposureOf({})).toBe('')
})

it('names the camera without saying its make twice', () => {
  expect(cameraOf({ make: 'Porch', model: 'Cam 12' })).toBe('Porch Cam 12')
  expect(cameraOf({ make: 'Canon', model: 'Canon EOS R6' })).toBe('Canon EOS R6')
  expect(cameraOf({ make: null, model: 'Pixel 9' })).toBe('Pixel 9')
  expect(cameraOf({})).toBe('')
})

it('names the place once', () => {
  expect(placeOf({ city: 'Berlin', state: 'Berlin', country: 'Germany' })).toBe('Berlin, Germany')
  expect(placeOf({ city: null })).toBe('')
})

it('tells the size in pixels', () => {
  expect(sizeOf({ width: 4000, height: 3000 })).toBe('4000 × 3000 · 12 MP')
  expect(sizeOf({ width: 1000, height: 1500 })).toBe('1000 × 1500 · 1.5 MP')
  expect(sizeOf({ width: null, height: null })).toBe('')
})
