import { expect, test } from 'vitest'
import { aliasKey, isHeaderName, parseHeaderName } from './header-names.ts'

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
