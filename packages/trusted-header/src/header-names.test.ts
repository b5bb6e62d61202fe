import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { aliasKey } from './header-alias.ts'
import { explainHeaderName, isHeaderName, parseHeaderName } from './header-names.ts'

test.each([
  ['remote-email', 'remote-email'],
  ['Remote-Email', 'remote-email'],
  ['X-AUTHENTIK-EMAIL', 'x-authentik-email'],
  ['email', 'email'],
  ['x1', 'x1'],
])('%s may be configured, as %s', (text, name) => {
  expect(parseHeaderName(text)).toBe(name)
  expect(isHeaderName(text)).toBe(true)
})

test.each([
  '',
  '-',
  '---',
  'remote_email',
  'remote.email',
  'remote email',
  ' remote-email',
  'remote-email\n',
  'remote-email:',
  'remote\u2010email',
  'remote\u00ademail',
  '\u212aate',
  'r\u00e9mote',
  'remote-email, x-email',
])('%j may not be configured', (text) => {
  expect(parseHeaderName(text)).toBeUndefined()
  expect(isHeaderName(text)).toBe(false)
})

test.each(
  `Host Cookie Authorization Origin Referer From
   User-Agent Connection Forwarded Transfer-Encoding Upgrade TE
   Trailer X-Api-Key X-Correlation-ID X-Real-IP Via Content-Type
   Content-Email Accept Accept-Email Sec-Fetch-Site Sec-Email If-Match
   Proxy-Authorization Proxy-Email X-Forwarded-For X-Forwarded-Anything X-Forwarded-User-Agent X-Immich-Session-Token`.split(
    /\s+/,
  ),
)('%s has a meaning of its own and names nobody', (name) => {
  expect(parseHeaderName(name)).toBeUndefined()
  expect(isHeaderName(name.toLowerCase())).toBe(false)
  expect(explainHeaderName(name)).toBe(
    `The header ${name.toLowerCase()} has a meaning of its own; name one that only the proxy sets, like remote-email`,
  )
})

test.each(
  `Remote-Email Remote-User X-Forwarded-Email X-Forwarded-User X-Forwarded-Preferred-Username X-Forwarded-Groups
   X-Forwarded-User-Email X-Forwarded-User-Given-Name X-Forwarded-User-Groups X-Forwarded-User-Roles X-Auth-Request-Email
   X-authentik-email Cf-Access-Authenticated-User-Email Tailscale-User-Login X-Email X-Auth-Mail X-User
   X-WebAuth-User Auth-Email Iffy-Email Secure-Email Ssl-Client-Email`.split(/\s+/),
)('%s, which a login service sends, may be configured', (name) => {
  expect(parseHeaderName(name)).toBe(name.toLowerCase())
})

test('no spelling of a header that everybody sends may be configured', () => {
  const sent = ['host', 'user-agent', 'content-type', 'sec-fetch-site', 'accept-encoding', 'x-forwarded-for']
  const spelt = fc.tuple(fc.constantFrom(...sent), fc.array(fc.nat(20)), fc.boolean())
  fc.assert(
    fc.property(spelt, ([name, dashes, loud]) => {
      const letters = aliasKey(name).split('')
      for (const place of dashes) letters.splice(place, 0, '-')
      const alias = loud ? letters.join('').toUpperCase() : letters.join('')
      expect(parseHeaderName(alias)).toBeUndefined()
    }),
  )
})

test('a name has at most 100 characters', () => {
  expect(isHeaderName('x'.repeat(100))).toBe(true)
  expect(explainHeaderName('x'.repeat(101))).toBe('A header name has at most 100 characters')
})

test.each([
  'Remote-Email',
  'remote_email',
  'Remote.Email',
  'remoteemail',
  'REMOTE--EMAIL',
  '-remote-email-',
  'remote!e~mail',
])('%s is an alias of remote-email', (name) => {
  expect(aliasKey(name)).toBe(aliasKey('remote-email'))
})

test.each(['remote-mail', 'x-remote-email', 'remote-email-2', 'remote-user', 'email', ''])(
  '%j is another header than remote-email',
  (name) => {
    expect(aliasKey(name)).not.toBe(aliasKey('remote-email'))
  },
)
