import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redirectAddress, returnAddress } from './redirect-addresses.ts'

const rules = {
  hosts: ['photos.example.com', '127.0.0.1:2283'],
  mobileOverrideEnabled: false,
  mobileRedirectUri: '',
}
const byPage = 'https://photos.example.com/api/oauth/mobile-redirect'
const overridden = { ...rules, mobileOverrideEnabled: true, mobileRedirectUri: byPage }

test.each([
  'https://photos.example.com/auth/login',
  'https://photos.example.com/user-settings',
  'http://127.0.0.1:2283/auth/login',
  'app.immich:///oauth-callback',
  'app.immich:/oauth-callback',
])('a sign-in may come back to %s', (address) => {
  expect(redirectAddress(address, rules)).toBe(address)
})

test('an address of the admin’s choice stands in for the app’s own', () => {
  expect(redirectAddress('app.immich:///oauth-callback', overridden)).toBe(byPage)
  expect(returnAddress('app.immich:///oauth-callback?code=1&state=2', overridden)?.href).toBe(
    `${byPage}?code=1&state=2`,
  )
  expect(redirectAddress(byPage, overridden)).toBe(byPage)
  expect(redirectAddress(byPage, rules)).toBeUndefined()
})

const evil = [
  'evil.example',
  'photos.example.com.evil.example',
  'photos.example.com@evil.example',
  'photos.example.com:443@evil.example',
  'photos.example.com%2eevil.example',
  'evil.example#photos.example.com',
  'evil.example?photos.example.com',
  'evil.example\\photos.example.com',
  'evil.example/photos.example.com',
  'photos.example.com\t.evil.example',
  'photos.example.com\n',
  'photos.example.com:8443',
  'photos.example.com.',
  'photos。example。com',
  'PHOTOS.example.com',
  'photos.example.com\u0000.evil.example',
  'user:pw@photos.example.com',
  '[::1]',
]
const before = [
  'https://',
  'http://',
  '//',
  '/\\',
  'https:',
  'https:/',
  'https:\\\\',
  '\thttps://',
  ' https://',
]
const after = ['/auth/login', '/auth/login?next=//evil.example']
const places = evil.flatMap((host) => before.flatMap((scheme) => after.map((path) => scheme + host + path)))
const onOurHost = [
  'https://photos.example.com',
  'https://photos.example.com/',
  'https://photos.example.com/auth/login/',
  'https://photos.example.com/auth/login/../../share/x',
  'https://photos.example.com/auth/%6cogin',
  'https://photos.example.com//evil.example/auth/login',
  'https://photos.example.com/auth/login?continue=//evil.example',
  'https://photos.example.com/auth/login#https://evil.example',
  'https://photos.example.com/share/anybodys-link',
  'ftp://photos.example.com/auth/login',
  'ws://photos.example.com/auth/login',
]
const schemes = [
  'javascript:alert(1)',
  'javascript://photos.example.com/auth/login',
  'data:text/html,<script>1</script>',
  'file:///auth/login',
  'intent://oauth-callback#Intent;scheme=app.immich;end',
  'app.immich://evil.example/oauth-callback',
  'app.immich:///oauth-callback/../evil',
  'app.immich:///oauth-callback#x',
  'app.immich:///oauth-callback?x=1',
  'app.immichx:///oauth-callback',
  'xapp.immich:///oauth-callback',
  'APP.IMMICH:///OAUTH-CALLBACK',
  'org.evil:///oauth-callback',
  '',
  'null',
  'about:blank',
]
const payloads = [...places, ...onOurHost, ...schemes]

test(`a sign-in comes back to none of ${payloads.length} places where it has no business`, () => {
  expect(payloads.length).toBeGreaterThan(200)
  expect(payloads.filter((one) => redirectAddress(one, rules) !== undefined)).toEqual([])
  expect(payloads.filter((one) => redirectAddress(one, overridden) !== undefined)).toEqual([])
})

test('whatever is written, a browser that follows it is on our host, on a page for it', () => {
  const hosts = ['photos.example.com', 'evil.example', '@', ':443', '\\', '/', '?', '#', '%2f', '.', '\t', '']
  const parts = ['https:', 'http:', '//', '/', '/auth/login', '/user-settings', ...hosts]
  const written = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 6 })
  fc.assert(
    fc.property(written, (pieces) => {
      const address = redirectAddress(pieces.join(''), rules)
      if (address === undefined) return
      const { host, pathname, search, username } = new URL(address)
      expect(rules.hosts).toContain(host)
      expect(['/auth/login', '/user-settings']).toContain(pathname)
      expect(search + username).toBe('')
    }),
    { numRuns: 5000 },
  )
})

test('the code is read out of the address with which the browser came, whatever follows it', () => {
  const came = 'https://photos.example.com/auth/login?code=a%2Fb&state=s#evil'
  expect(returnAddress(came, rules)?.href).toBe('https://photos.example.com/auth/login?code=a%2Fb&state=s')
  expect(returnAddress('https://evil.example/auth/login?code=1', rules)).toBeUndefined()
})
