import { expect, test } from 'vitest'
import { reconcile, type CookieSession, type Outcome } from './reconcile.ts'

const gran = 'gran@home.example'
const anna = 'anna@home.example'
const vouchedFor = (email: string) => ({ identity: { email } })
const nobody = { refused: 'no_identity', fromProxy: true } as const
const outside = { refused: 'untrusted_peer', fromProxy: false } as const
const off = { refused: 'off', fromProxy: false } as const

const bySession = (method: 'password' | 'trusted-header') => ({ method, email: gran })
const header = bySession('trusted-header')
const password = bySession('password')

test.each<[string, CookieSession, Parameters<typeof reconcile>[1], Outcome]>([
  ['her header session goes on while the proxy vouches for her', header, vouchedFor(gran), { do: 'keep' }],
  [
    'her header session ends when the proxy vouches for another person',
    header,
    vouchedFor(anna),
    { do: 'switch-person', email: anna, revoke: true },
  ],
  [
    'her header session ends when the proxy names nobody',
    header,
    nobody,
    { do: 'refuse', code: 'signed_out_at_proxy', revoke: true },
  ],
  [
    'her header session ends when the header is doubled',
    header,
    { refused: 'header_repeated', fromProxy: true },
    { do: 'refuse', code: 'signed_out_at_proxy', revoke: true },
  ],
  [
    'her header session opens nothing past the proxy, and nobody out there can end it',
    header,
    outside,
    { do: 'refuse', code: undefined, revoke: false },
  ],
  [
    'her header session opens nothing while the feature is off',
    header,
    off,
    { do: 'refuse', code: undefined, revoke: false },
  ],
  ['her password session goes on beside her own header', password, vouchedFor(gran), { do: 'keep' }],
  ['her password session goes on without a header', password, nobody, { do: 'keep' }],
  ['her password session goes on past the proxy', password, outside, { do: 'keep' }],
  [
    'her password session gives way to the header of another person, but is not ended',
    password,
    vouchedFor(anna),
    { do: 'switch-person', email: anna, revoke: false },
  ],
  [
    'an unknown cookie does not stand in the way',
    'unknown',
    vouchedFor(gran),
    { do: 'follow-header', email: gran },
  ],
  [
    'an unknown cookie without a header is cleared',
    'unknown',
    nobody,
    { do: 'nobody', clearCookies: true, ...nobody },
  ],
  ['the header alone speaks', 'none', vouchedFor(gran), { do: 'follow-header', email: gran }],
  ['neither cookie nor header is nobody', 'none', outside, { do: 'nobody', clearCookies: false, ...outside }],
])('%s', (_title, session, verdict, outcome) => {
  expect(reconcile(session, verdict, 'header')).toEqual(outcome)
})

test('with onConflict refuse, a password session and another person’s header get neither in', () => {
  expect(reconcile(password, vouchedFor(anna), 'refuse')).toEqual({
    do: 'refuse',
    code: 'identity_conflict',
    revoke: false,
  })
})

test('with onConflict refuse, a header session still gives way: it is the header', () => {
  expect(reconcile(header, vouchedFor(anna), 'refuse')).toMatchObject({ do: 'switch-person', revoke: true })
})
