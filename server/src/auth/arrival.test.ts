import { expect, test } from 'vitest'
import { proxy, requestOf, saying, settingsOf, stranger, type Sent } from '../../test/front-door-in-memory.ts'
import { arrivalOf, cameByHttps, peerOf } from './arrival.ts'

const claimed: [string, string][] = [
  ['X-Forwarded-For', '192.0.2.9'],
  ['X-Real-IP', '192.0.2.9'],
]

test('who is at the other end is what the socket says, not a header', () => {
  const request = requestOf({ peer: stranger, lines: claimed })
  expect(arrivalOf(request)).toEqual({ peer: stranger, viaUnixSocket: false, rawHeaders: claimed.flat() })
  expect(peerOf(request)).toBe(stranger)
})

test('the engine sees each line as it came', () => {
  const lines = [...saying('a@x.example'), ...saying('b@x.example')]
  expect(arrivalOf(requestOf({ lines })).rawHeaders).toEqual(lines.flat())
})

test('who came by the unix socket is known by that; a connection without an address did not', () => {
  const local = requestOf({ peer: undefined, viaUnixSocket: true })
  expect(arrivalOf(local)).toEqual({ peer: undefined, viaUnixSocket: true, rawHeaders: [] })
  expect(peerOf(local)).toBe('unix')
  const gone = requestOf({ peer: undefined })
  expect(arrivalOf(gone)).toEqual({ peer: undefined, viaUnixSocket: false, rawHeaders: [] })
  expect(peerOf(gone)).toBeUndefined()
})

const https: Sent = { lines: [['X-Forwarded-Proto', 'https']] }
const local = { peer: undefined, viaUnixSocket: true }

test.each<[string, Sent, { unixSocket: boolean }, boolean]>([
  ['over TLS it is https, whoever called', { peer: stranger, encrypted: true }, { unixSocket: false }, true],
  ['the proxy says https', { ...https, peer: proxy }, { unixSocket: false }, true],
  ['the proxy says http', { lines: [['X-Forwarded-Proto', 'http']] }, { unixSocket: false }, false],
  ['the proxy says nothing', {}, { unixSocket: false }, false],
  ['a stranger says https', { ...https, peer: stranger }, { unixSocket: true }, false],
  ['a connection that is gone said https', { ...https, peer: undefined }, { unixSocket: true }, false],
  ['the trusted unix socket says https', { ...https, ...local }, { unixSocket: true }, true],
  ['the trusted unix socket says nothing', local, { unixSocket: true }, false],
  ['a unix socket that is not trusted says https', { ...https, ...local }, { unixSocket: false }, false],
])('the browser came by https, or not: %s', (_who, sent, trustedHeader, secure) => {
  expect(cameByHttps(requestOf(sent), settingsOf({ trustedHeader }).policy)).toBe(secure)
})
