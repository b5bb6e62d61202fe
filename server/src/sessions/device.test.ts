import { expect, test } from 'vitest'
import { deviceOf } from './device.ts'

test.each<[string, string, ReturnType<typeof deviceOf>]>([
  [
    'gran’s laptop',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
    { type: 'Chrome', os: 'Linux', appVersion: null },
  ],
  [
    'anna’s tablet',
    'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    { type: 'Safari', os: 'iOS', appVersion: null },
  ],
  ['the phone app', 'immich-android/3.2.2', { type: 'Immich app', os: 'Android', appVersion: '3.2.2' }],
])('%s is named in the list of sessions', (_who, userAgent, device) => {
  expect(deviceOf(userAgent)).toEqual(device)
})

test.each([undefined, '', 'node', '  ', 'x'.repeat(999), '__proto__', '%00(((((;;;'])(
  'an unknown program (%j) has no name',
  (userAgent) => {
    expect(deviceOf(userAgent)).toEqual({ type: '', os: '', appVersion: null })
  },
)

test('a program that names itself is called by that name, cut short', () => {
  expect(deviceOf('darktable/5 (linux)').type).toBe('darktable')
  expect(deviceOf('constructor/1 (toString)').type).toBe('constructor')
  expect(deviceOf(`${'x'.repeat(400)}/1 (y)`).type).toBe('x'.repeat(32))
})

test('a made-up version cannot be long or carry signs of its own', () => {
  expect(deviceOf(`immich-ios/${'1'.repeat(500)}`).appVersion).toHaveLength(32)
  expect(deviceOf('immich-ios/<script>').appVersion).toBeNull()
})

test('a hostile User-Agent is read in no time', () => {
  const started = performance.now()
  for (const piece of ['(', 'Mozilla/5.0 ', '; ', 'a b', 'version/', '\t ']) deviceOf(piece.repeat(16_000))
  expect(performance.now() - started).toBeLessThan(500)
})
