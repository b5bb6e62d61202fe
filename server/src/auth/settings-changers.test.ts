import { expect, test } from 'vitest'
import {
  anna,
  gran,
  houseInMemory,
  person,
  proxy,
  requestOf,
  saying,
  stranger,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import type { Probation } from '../config/settings.ts'
import type { Caller } from '../users/caller.ts'
import { createSettingsChangers } from './settings-changers.ts'

const bySession: Caller = { by: 'session', user: person(), sessionId: 's1', method: 'password' }
const byKey: Caller = { by: 'api-key', user: person(), apiKeyId: 'k', permissions: ['all'] }

const house = (more: Parameters<typeof houseInMemory>[0] = {}) => createSettingsChangers(houseInMemory(more))
const asked = (sent: Sent, caller: Caller = bySession) => Object.assign(requestOf(sent), { caller })
const begun = (by: string, vouched: boolean) => ({ by, vouched }) as Probation

test('the audit learns who changes settings, and from where', () => {
  expect(house().actorOf(asked({}))).toEqual({ actorId: 'gran-id', peer: proxy })
})

test.each<[string, Sent, boolean]>([
  ['the proxy vouches for her as well', { lines: saying(gran) }, true],
  ['the proxy names somebody else', { lines: saying(anna) }, false],
  ['the proxy names nobody', {}, false],
  ['a stranger names her', { peer: stranger, lines: saying(gran) }, false],
])('Gran changes settings by her session: %s', async (_how, sent, vouched) => {
  expect(await house().changerOf(asked(sent))).toEqual({ by: 'gran-id', vouched })
})

test('an API key is no person whom a change could shut out, and one of few rights is told apart', async () => {
  const lines = saying(gran)
  expect(await house().changerOf(asked({ lines }, byKey))).toBe('program')
  const limited = { ...byKey, permissions: ['systemConfig.update'] }
  expect(await house().changerOf(asked({ lines }, limited))).toBe('limited-program')
})

const refusedNow = expect.stringMatching(/^The new settings do not let this connection in\. .+/)
const somebodyElse = 'With the new settings the proxy names somebody else on this connection.'

test.each<[string, Sent, Probation, unknown]>([
  ['she came by the header, and still does', { lines: saying(gran) }, begun('gran-id', true), undefined],
  ['she came by the header, which is refused now', { peer: stranger }, begun('gran-id', true), refusedNow],
  [
    'she came by the header, which names Anna now',
    { lines: saying(anna) },
    begun('gran-id', true),
    somebodyElse,
  ],
  ['she never came by the header', {}, begun('gran-id', false), undefined],
  [
    'she never came by the header, but one is there and refused',
    { peer: stranger, lines: saying(gran) },
    begun('gran-id', false),
    refusedNow,
  ],
  ['one is there and names Anna', { lines: saying(anna) }, begun('gran-id', false), somebodyElse],
  [
    'somebody else began the change',
    { lines: saying(gran) },
    begun('anna-id', true),
    'Only the person who changed the settings can confirm them.',
  ],
])('Gran confirms a change: %s', async (_how, sent, probation, why) => {
  const found = await house().whyNot(asked(sent), probation)
  expect(found).toEqual(why)
})

test('an API key confirms nothing, for it shows of nobody that she can still sign in', async () => {
  const why = await house().whyNot(asked({ lines: saying(gran) }, byKey), begun('gran-id', true))
  expect(why).toBe('An API key does not show that anybody can still sign in.')
})

test('where the header was switched off, the very request is the proof', async () => {
  const off = house({ trustedHeader: { enabled: false } })
  expect(await off.whyNot(asked({ lines: saying(anna) }), begun('gran-id', true))).toBeUndefined()
})

const off = { enabled: false }
const nobodyCanSignIn = 'With the new settings nobody can sign in as you did.'

test.each<[string, 'password' | 'oauth' | 'device', Parameters<typeof house>[0], string | undefined]>([
  ['a password, and passwords go', 'password', { trustedHeader: off, passwordLogin: false }, nobodyCanSignIn],
  ['a password, and passwords stay', 'password', { trustedHeader: off, oauth: false }, undefined],
  ['a password, and the header is there', 'password', { passwordLogin: false }, undefined],
  ['an issuer, and it goes', 'oauth', { trustedHeader: off, passwordLogin: true }, nobodyCanSignIn],
  ['an issuer, and it stays', 'oauth', { trustedHeader: off, oauth: true, passwordLogin: false }, undefined],
  ['an app, which has a door of its own', 'device', { trustedHeader: off, passwordLogin: false }, undefined],
])('Gran, who came by %s, confirms a change', async (_how, method, rules, why) => {
  const request = asked({}, { ...bySession, method })
  expect(await house(rules).whyNot(request, begun('gran-id', false))).toBe(why)
})
