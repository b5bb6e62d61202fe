import { expect, test } from 'vitest'
import { deviceName, seenFrom, signedInHow } from './device-words.ts'

const phone = { name: null, method: 'device', deviceType: 'Immich app', deviceOS: 'Android' } as const

test.each([
  [phone, 'Immich app on Android'],
  [{ ...phone, name: 'Gran’s phone' }, 'Gran’s phone'],
  [{ ...phone, deviceOS: '' }, 'Immich app'],
  [{ ...phone, deviceType: '' }, 'Android'],
  [{ ...phone, deviceType: '', deviceOS: '' }, 'An app or device'],
  [{ ...phone, deviceType: '', deviceOS: '', method: 'password' as const }, 'Unknown device'],
])('%j is called %j', (device, name) => {
  expect(deviceName(device)).toBe(name)
})

test('how and from where is said in words', () => {
  expect(signedInHow({ method: 'trusted-header' })).toBe('by your proxy')
  expect(seenFrom({ seenFrom: '198.51.100.7' })).toBe('198.51.100.7')
  expect(seenFrom({ seenFrom: '127.0.0.1' })).toBe('127.0.0.1 (this server)')
  expect(seenFrom({ seenFrom: null })).toBeUndefined()
})
