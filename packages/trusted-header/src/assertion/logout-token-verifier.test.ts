import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createLogoutTokenVerifier } from './logout-token-verifier.ts'
import {
  audience,
  createTestClock,
  issuer,
  makeKey,
  signToken,
  start,
  startLoginService,
} from './test-login-service.ts'
import type { TestKey } from './test-login-service.ts'

const now = start / 1000
const event = 'http://schemas.openid.net/event/backchannel-logout'
const bad = { refused: 'bad_assertion' }
let key: TestKey
beforeAll(async () => {
  key = await makeKey()
})

async function setUp() {
  const service = await startLoginService(key)
  onTestFinished(service.close)
  const clock = createTestClock()
  const keys = { jwksUrl: service.url }
  const { verify } = createLogoutTokenVerifier({ keys, issuer, audience, algorithms: ['ES256'], clock })
  return { verify, clock }
}

const order = { sub: '7', sid: 's-1', jti: 'j-1', exp: now + 120, email: undefined, events: { [event]: {} } }
const type = { typ: 'logout+jwt' }
const sign = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  signToken(key, { ...order, ...claims }, { ...type, ...header })

test('the login service signs gran out here as well', async () => {
  const { verify } = await setUp()
  expect(await verify(await sign())).toEqual({
    sub: '7',
    sid: 's-1',
    jti: 'j-1',
    expiresAt: new Date((now + 120 + 60 + 1) * 1000),
  })
})

test.each([
  ['names the person only', { sid: undefined }, {}, { sub: '7' }],
  ['names one sign-in only', { sub: undefined }, {}, { sid: 's-1' }],
  ['has an e-mail address', { email: 'gran@home.example' }, {}, { email: 'gran@home.example' }],
  ['has no type', {}, { typ: undefined }, {}],
  ['has the type of any token', {}, { typ: 'JWT' }, {}],
  ['has its type in full', {}, { typ: 'application/logout+jwt' }, {}],
  ['says more of the event', { events: { [event]: { reason: 'idle' }, other: {} } }, {}, {}],
  ['has no end', { exp: undefined }, {}, { expiresAt: new Date((now + 181) * 1000) }],
  ['ends late', { exp: now + 9999 }, {}, { expiresAt: new Date((now + 181) * 1000) }],
  ['ends soon', { exp: now + 30 }, {}, { expiresAt: new Date((now + 91) * 1000) }],
])('an order to sign out is good that %s', async (_, claims, header, expected) => {
  const { verify } = await setUp()
  const found = await verify(await sign(claims, header))
  expect(found).toMatchObject({ jti: 'j-1', ...expected })
})

test.each([
  ['is an ID token', { events: undefined, nonce: 'n' }, { typ: 'JWT' }],
  ['has a nonce', { nonce: 'n' }, {}],
  ['has an empty nonce', { nonce: null }, {}],
  ['is of no event', { events: undefined }, {}],
  ['is of another event', { events: { 'http://schemas.openid.net/event/else': {} } }, {}],
  ['has a list of events', { events: [event] }, {}],
  ['has a text for an event', { events: event }, {}],
  ['has null for events', { events: null }, {}],
  ['says true of the event', { events: { [event]: true } }, {}],
  ['says null of the event', { events: { [event]: null } }, {}],
  ['says a list of the event', { events: { [event]: [] } }, {}],
  ['names nobody', { sub: undefined, sid: undefined }, {}],
  ['names an empty person', { sub: '' }, {}],
  ['names a number', { sub: 7 }, {}],
  ['names an endless person', { sub: 'x'.repeat(256) }, {}],
  ['names a list of sign-ins', { sid: ['s-1'] }, {}],
  ['has no id of its own', { jti: undefined }, {}],
  ['has an empty id', { jti: '' }, {}],
  ['has a number for its id', { jti: 1 }, {}],
  ['has an endless id', { jti: 'j'.repeat(256) }, {}],
  ['does not say when it was made', { iat: undefined }, {}],
  ['was made at a text', { iat: String(now) }, {}],
  ['is for another client', { aud: 'else' }, {}],
  ['is of another login service', { iss: 'https://evil.example' }, {}],
  ['is an access token', {}, { typ: 'at+jwt' }],
])('an order to sign out is bad that %s', async (_, claims, header) => {
  const { verify } = await setUp()
  expect(await verify(await sign(claims, header))).toEqual(bad)
})

test.each([
  ['is over', { exp: now - 60 }],
  ['was made more than two minutes ago', { iat: now - 181, exp: now + 60 }],
  ['was made in the future', { iat: now + 61 }],
])('an order to sign out is out of its time that %s', async (_, claims) => {
  const { verify } = await setUp()
  expect(await verify(await sign(claims))).toEqual({ refused: 'assertion_expired' })
})

test.each([
  ['without an end', { exp: undefined }],
  ['with an end', { exp: now + 30 }],
])('an order %s is refused from the moment on at which its id may be forgotten', async (_, claims) => {
  const { verify, clock } = await setUp()
  const token = await sign(claims)
  const found = await verify(token)
  const until = 'expiresAt' in found ? found.expiresAt.getTime() / 1000 : 0
  clock.advance(until - clock.seconds() - 2)
  expect(await verify(token)).toEqual(found)
  clock.advance(2)
  expect(await verify(token)).toEqual({ refused: 'assertion_expired' })
})

test('an order of a stranger signs nobody out', async () => {
  const { verify } = await setUp()
  const stranger = await makeKey()
  expect(await verify(await signToken(stranger, order, type))).toEqual(bad)
})
