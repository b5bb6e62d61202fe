import { expect, test } from 'vitest'
import { isAllowedHost } from './allowed-hosts.ts'

test.each([
  ['photos.home.example', 'photos.home.example'],
  ['PHOTOS.home.example', 'photos.HOME.example'],
  ['photos.home.example:8443', 'photos.home.example'],
  ['photos.home.example:8443', 'photos.home.example:8443'],
  ['photos.home.example', 'photos.home.example:443'],
  ['photos.home.example', 'photos.home.example:80'],
  ['photos.home.example:', 'photos.home.example'],
  ['192.168.178.2:2283', '192.168.178.2'],
  ['[fd00::1]', '[fd00::1]'],
  ['[FD00::1]:2283', '[fd00::1]'],
  ['localhost', 'localhost'],
])('%s is let in where %s is allowed', (host, entry) => {
  expect(isAllowedHost(host, ['another.example', entry])).toBe(true)
  expect(isAllowedHost(host, ['another.example'])).toBe(false)
})

test.each([
  ['photos.home.example.evil.example', 'photos.home.example'],
  ['evil-photos.home.example', 'photos.home.example'],
  ['photos.home.example.', 'photos.home.example'],
  ['photos.home.example:8443', 'photos.home.example:443'],
  ['photos.home.example', 'photos.home.example:8443'],
  ['photos.home.example:x', 'photos.home.example'],
  ['photos.home.example:80:80', 'photos.home.example'],
  ['photos.home.example:8443,evil.example', 'photos.home.example'],
  ['user@photos.home.example', 'photos.home.example'],
  ['evil.example:photos.home.example:80', 'photos.home.example'],
  ['\u212a.example', 'k.example'], // the Kelvin sign
  ['[fd00::1]', 'fd00::1'],
  ['[fd00::2]', '[fd00::1]'],
  ['fd00::1', '[fd00::1]'],
  ['', 'photos.home.example'],
  ['', ''],
  [':80', ''],
  ['', ':80'],
])('%j is not where %j is allowed', (host, entry) => {
  expect(isAllowedHost(host, [entry])).toBe(false)
})

test('no host is among none', () => {
  expect(isAllowedHost('photos.home.example', [])).toBe(false)
})
