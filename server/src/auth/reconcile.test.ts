import { expect, test } from 'vitest'
import { isSamePerson, reconcile, type CookieSession, type Outcome } from './reconcile.ts'

const gran = 'gran@home.example'
const anna = 'anna@home.example'
const vouchedFor = (email: string) => ({ identity: { email, groups: ['family'] } })
const granSaid = vouchedFor(gran)
const annaSaid = vouchedFor(anna)
const nobody = { refused: 'no_identity', fromProxy: true } as const
const outside = { refused: 'untrusted_peer', fromProxy: false } as const
const off = { refused: 'off', fromProxy: false } as const

const bySession = (method: 'password' | 'trusted-header') => ({
  method,
  user: { email: gran, headerId: null },
})
const header = bySession('trusted-header')
const password = bySession('password')

test.each<[string, CookieSession, Parameters<typeof reconcile>[1], Outcome]>([
  [
    'her header session goes on while the proxy vouches for her',
    header,
    granSaid,
    { do: 'keep', ...granSaid },
  ],
  [
    'her header session ends when the proxy vouches for another person',
    header,
    annaSaid,
    { do: 'switch-person', ...annaSaid, revoke: true },
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
  ['her password session goes on beside her own header', password, granSaid, { do: 'keep', ...granSaid }],
  ['her password session goes on without a header', password, nobody, { do: 'keep', identity: undefined }],
  ['her password session goes on past the proxy', password, outside, { do: 'keep', identity: undefined }],
  [
    'her password session gives way to the header of another person, but is not ended',
    password,
    annaSaid,
    { do: 'switch-person', ...annaSaid, revoke: false },
  ],
  ['an unknown cookie does not stand in the way', 'unknown', granSaid, { do: 'follow-header', ...granSaid }],
  [
    'an unknown cookie without a header is cleared',
    'unknown',
    nobody,
    { do: 'nobody', clearCookies: true, ...nobody },
  ],
  ['the header alone speaks', 'none', granSaid, { do: 'follow-header', ...granSaid }],
  ['neither cookie nor header is nobody', 'none', outside, { do: 'nobody', clearCookies: false, ...outside }],
])('%s', (_title, session, verdict, outcome) => {
  expect(reconcile(session, verdict, 'header')).toEqual(outcome)
})

test('with onConflict refuse, a password session and another person’s header get neither in', () => {
  expect(reconcile(password, annaSaid, 'refuse')).toEqual({
    do: 'refuse',
    code: 'identity_conflict',
    revoke: false,
  })
})

test('with onConflict refuse, a header session still gives way: it is the header', () => {
  expect(reconcile(header, annaSaid, 'refuse')).toMatchObject({ do: 'switch-person', revoke: true })
})

test.each<[string, { headerId: string | null }, { id?: string; email: string }, boolean]>([
  ['same address, no ids', { headerId: null }, { email: gran }, true],
  ['same address, an id that is not bound yet', { headerId: null }, { email: gran, id: '7' }, true],
  ['same address, an id that was bound and is not said any more', { headerId: '7' }, { email: gran }, true],
  ['same address, her id', { headerId: '7' }, { email: gran, id: '7' }, true],
  [
    'same address, another id: the mailbox has a new owner',
    { headerId: '7' },
    { email: gran, id: '8' },
    false,
  ],
  ['another address, her id: she has a new mailbox', { headerId: '7' }, { email: anna, id: '7' }, true],
  ['another address, no ids', { headerId: null }, { email: anna }, false],
  ['another address, an id that is not bound yet', { headerId: null }, { email: anna, id: '7' }, false],
])('gran, or somebody else: %s', (_title, { headerId }, identity, same) => {
  expect(isSamePerson({ email: gran, headerId }, identity)).toBe(same)
  const session = { method: 'trusted-header', user: { email: gran, headerId } } as const
  const outcome = same ? { do: 'keep' } : { do: 'switch-person', revoke: true }
  expect(reconcile(session, { identity }, 'header')).toMatchObject(outcome)
})
