import { expect, test } from 'vitest'
import { parseListenAddress } from './listen-address.ts'

test.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
  ['[::1]:65535', { host: '::1', port: 65_535 }],
  ['metrics.home.example:80', { host: 'metrics.home.example', port: 80 }],
  ['unix:/run/porchlight/http.sock', { path: '/run/porchlight/http.sock' }],
  ['/run/porchlight.sock', { path: '/run/porchlight.sock' }],
])('%s is a place to listen at', (text, address) => {
  expect(parseListenAddress(text)).toEqual(address)
})

test.each([
  '',
  '9464',
  ':9464',
  '::1:9464',
  '127.0.0.1',
  '127.0.0.1:65536',
  '127.0.0.1:-1',
  '127.0.0.1:80 ',
  'unix:',
  'unix:run.sock',
  '/',
  '/run/',
  '/run/\0.sock',
])('%j is none', (text) => {
  expect(parseListenAddress(text)).toBeUndefined()
})
