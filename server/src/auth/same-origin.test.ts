import { expect, test } from 'vitest'
import { isUnsafe, provesSameOrigin, refuseForeignSite } from './same-origin.ts'

const host = 'photos.home.example'

test.each([
  ['our own page, by fetch metadata', { host, 'sec-fetch-site': 'same-origin' }, true],
  ['a person who typed the address', { host, 'sec-fetch-site': 'none' }, true],
  ['another site', { host, 'sec-fetch-site': 'cross-site' }, false],
  ['a sibling under the same domain', { host, 'sec-fetch-site': 'same-site' }, false],
  ['a word no browser says', { host, 'sec-fetch-site': 'SAME-ORIGIN' }, false],
  [
    'another site that adds our origin',
    { host, 'sec-fetch-site': 'cross-site', origin: `https://${host}` },
    false,
  ],
  ['our own page in an old browser', { host, origin: `https://${host}` }, true],
  ['another site in an old browser', { host, origin: 'https://evil.example' }, false],
  ['a sandboxed page', { host, origin: 'null' }, false],
  ['a name that begins like ours', { host, origin: `https://${host}.evil.example` }, false],
  ['our name on another port', { host, origin: `https://${host}:8443` }, false],
  ['a program that is no browser', { host }, true],
  ['another site, where no host was called', { origin: 'https://evil.example' }, false],
  [
    'our own page, however the host is spelled',
    { host: 'Photos.Home.Example', origin: `https://${host}` },
    true,
  ],
])('%s', (_title, headers, proves) => {
  expect(provesSameOrigin(headers, '')).toBe(proves)
})

test.each(['', 'photos.home.example:443', 'nonsense'])(
  'with the external domain written as %j, a page without a host is still another site',
  (externalDomain) => {
    for (const origin of ['file://', 'null', 'data:,x', 'photos.home.example:443']) {
      expect(provesSameOrigin({ host, origin }, externalDomain)).toBe(false)
    }
  },
)

test('behind a proxy that rewrites Host, the external domain is our origin', () => {
  const headers = { host: '10.0.0.5:2283', origin: 'https://photos.home.example' }
  expect(provesSameOrigin(headers, '')).toBe(false)
  expect(provesSameOrigin(headers, 'https://photos.home.example')).toBe(true)
})

test.each([
  ['GET', false],
  ['HEAD', false],
  ['OPTIONS', false],
  ['POST', true],
  ['PUT', true],
  ['PATCH', true],
  ['DELETE', true],
  ['get', true],
])('whether %s may change something: %s', (method, unsafe) => {
  expect(isUnsafe(method)).toBe(unsafe)
})

test('another site’s page is told that it is one', () => {
  const refused = { status: 403, code: 'cross_origin', message: 'The request came from another site' }
  expect(refuseForeignSite({ host, 'sec-fetch-site': 'cross-site' }, '')).toMatchObject(refused)
  expect(refuseForeignSite({ host, 'sec-fetch-site': 'same-origin' }, '')).toBeUndefined()
})
