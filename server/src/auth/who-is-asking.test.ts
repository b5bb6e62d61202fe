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
import type { SignInMethod } from '../sessions/sessions.ts'

type House = NonNullable<Parameters<typeof houseInMemory>[0]>

const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true })
const annas = person({ id: 'anna-id', email: anna, name: 'Anna' })
const everybody = () => [admin, person(), annas]

/** Gran has a session by this method; the tests look at what becomes of it. */
function house(method: SignInMethod, more: House = {}) {
  const built = houseInMemory({ people: everybody(), ...more })
  built.begin({ userId: 'gran-id', method })
  const ask = (sent: Sent) => built.whoIsAsking(requestOf(sent))
  return { ...built, ask, isRevoked: () => built.live.length === 0 }
}

const cookie = 's1-token'
const bySession = (method: SignInMethod, userId = 'gran-id') => ({
  caller: { by: 'session', sessionId: 's1', method, user: expect.objectContaining({ id: userId }) },
  staleCookie: false,
})
const byHeader = (userId: string, staleCookie = false) => ({
  caller: { by: 'trusted-header', user: expect.objectContaining({ id: userId }) },
  staleCookie,
})
const switchTo = (userId: string) => ({ switchTo: expect.objectContaining({ id: userId }) })
const refused = (
  code: string | undefined,
  { clears = false, message = 'Authentication required', status = 401 } = {},
) => ({ refused: expect.objectContaining({ status, message, code }), clearCookies: clears })

const foreignPage: [string, string][] = [['Sec-Fetch-Site', 'cross-site']]
const told = (code: string, more: object = {}) => ({
  kind: 'sign_in_refused',
  method: 'trusted-header',
  peer: proxy,
  code,
  ...more,
})
const aboutGran = { userId: 'gran-id', email: gran }
const changed = {
  kind: 'identity_changed',
  method: 'trusted-header',
  peer: proxy,
  userId: 'anna-id',
  email: anna,
}

test('Gran’s header session goes on while the proxy vouches for her', async () => {
  const { ask, isRevoked, told, seenFrom } = house('trusted-header')
  const lines = [...saying(gran), ['X-Forwarded-For', '192.0.2.9'] as const]
  expect(await ask({ cookie, lines })).toEqual(bySession('trusted-header'))
  expect(isRevoked()).toBe(false)
  expect(told).toEqual([])
  expect(seenFrom).toEqual(['192.0.2.9'])
})

test('Gran’s header session becomes Anna’s when the proxy vouches for Anna', async () => {
  const { ask, isRevoked, told } = house('trusted-header')
  expect(await ask({ cookie, lines: saying(anna) })).toEqual(switchTo('anna-id'))
  expect(isRevoked()).toBe(true)
  expect(told).toEqual([changed])
})

test('Gran’s header session ends when the proxy vouches for somebody who may not enter', async () => {
  const { ask, isRevoked, told: events } = house('trusted-header', { trustedHeader: { autoRegister: false } })
  const lines = saying('mallory@home.example')
  expect(await ask({ cookie, lines })).toEqual(refused('unknown_person', { clears: true }))
  expect(isRevoked()).toBe(true)
  expect(events).toEqual([told('unknown_person', { email: 'mallory@home.example' })])
})

test('Gran’s header session ends when the proxy names nobody', async () => {
  const { ask, isRevoked, told: events } = house('trusted-header')
  expect(await ask({ cookie })).toEqual(refused('signed_out_at_proxy', { clears: true }))
  expect(isRevoked()).toBe(true)
  const why = { ...aboutGran, details: { verdict: 'no_identity' } }
  expect(events).toEqual([told('signed_out_at_proxy', why)])
})

test('Gran’s header session opens nothing past the proxy, and nobody there can end it', async () => {
  const { ask, isRevoked, told: events } = house('trusted-header')
  expect(await ask({ cookie, peer: stranger })).toEqual(refused(undefined))
  expect(isRevoked()).toBe(false)
  expect(events).toEqual([])
})

test('a stranger who holds Gran’s cookie and her name gets nowhere, and the audit says so', async () => {
  const { ask, isRevoked, told: events } = house('trusted-header')
  expect(await ask({ cookie, peer: stranger, lines: saying(gran) })).toEqual(refused(undefined))
  expect(isRevoked()).toBe(false)
  expect(events).toEqual([{ kind: 'spoof_refused', code: 'untrusted_peer', peer: stranger }])
})

test.each<SignInMethod>(['password', 'oauth'])(
  'Gran’s %s session goes on with her own header, with nobody’s and past the proxy',
  async (method) => {
    const { ask, told } = house(method)
    expect(await ask({ cookie, lines: saying(gran) })).toEqual(bySession(method))
    expect(await ask({ cookie })).toEqual(bySession(method))
    expect(await ask({ cookie, peer: stranger })).toEqual(bySession(method))
    expect(told).toEqual([])
  },
)

test('Gran’s password session gives way to Anna’s header, but lives on for her', async () => {
  const { ask, isRevoked, told } = house('password')
  expect(await ask({ cookie, lines: saying(anna) })).toEqual(switchTo('anna-id'))
  expect(isRevoked()).toBe(false)
  expect(told).toEqual([changed])
})

test('where neither shall win, Gran’s password session and Anna’s header open nothing', async () => {
  const { ask, isRevoked, told: events } = house('password', { trustedHeader: { onConflict: 'refuse' } })
  expect(await ask({ cookie, lines: saying(anna) })).toEqual(refused('identity_conflict'))
  expect(isRevoked()).toBe(false)
  expect(events).toEqual([told('identity_conflict', aboutGran)])
})

test('an old cookie never stands between Gran and her photos', async () => {
  const { ask } = house('password')
  expect(await ask({ cookie: 'old', lines: saying(gran) })).toEqual(byHeader('gran-id', true))
})

test('an old cookie without a header is cleared', async () => {
  const { ask, told } = house('password')
  const invalid = refused(undefined, { message: 'Invalid user token', clears: true })
  expect(await ask({ cookie: 'old' })).toEqual(invalid)
  expect(told).toEqual([])
})

test('the header alone signs Gran in for this one request', async () => {
  const { ask, live } = house('password')
  expect(await ask({ lines: saying(gran) })).toEqual(byHeader('gran-id'))
  expect(live).toHaveLength(1)
})

test('whom nobody knows gets no account where accounts are made by hand', async () => {
  const { ask, people, told: events } = house('password', { trustedHeader: { autoRegister: false } })
  const lines = saying('mallory@home.example')
  expect(await ask({ lines })).toEqual(refused('unknown_person', { clears: true }))
  expect(people).toHaveLength(3)
  expect(events).toEqual([told('unknown_person', { email: 'mallory@home.example' })])
})

test('nobody is told to sign in, and that is no news', async () => {
  const { ask, told } = house('password')
  expect(await ask({})).toEqual(refused(undefined))
  expect(told).toEqual([])
})

test('a proxy that says something wrong is told what; a stranger is not', async () => {
  const { ask, told: events } = house('password')
  const lines: [string, string][] = [...saying(gran), ...saying(anna)]
  expect(await ask({ lines })).toEqual(refused('header_repeated'))
  expect(events).toEqual([told('header_repeated')])
  expect(await ask({ lines, peer: stranger })).toEqual(refused(undefined))
})

test.each<[string, SignInMethod, boolean]>([
  ['header session ends', 'trusted-header', true],
  ['password session goes on', 'password', false],
])('when Gran is no member any more, her %s', async (_title, method, ends) => {
  const { ask, isRevoked, told: events } = house(method, { trustedHeader: { memberGroup: 'family' } })
  const asking = await ask({ cookie, lines: saying(gran) })
  expect(asking).toEqual(ends ? refused('not_a_member', { clears: true }) : bySession(method))
  expect(isRevoked()).toBe(ends)
  expect(events).toEqual(ends ? [told('not_a_member', { email: gran })] : [])
})

test('on a session that goes on, groups count and the name stays', async () => {
  const { ask, told } = house('trusted-header', { trustedHeader: { adminGroup: 'admins' } })
  const lines = saying(gran, { 'Remote-Groups': 'admins', 'Remote-Name': 'Grandma' })
  expect(await ask({ cookie, lines })).toMatchObject({
    caller: { sessionId: 's1', user: { isAdmin: true, name: 'Gran' } },
  })
  expect(told).toMatchObject([{ kind: 'admin_granted', userId: 'gran-id', peer: proxy }])
})

test.each([[undefined], [cookie]])(
  'with the header alone or in place of another, the name follows',
  async (by) => {
    const { ask } = house('trusted-header')
    const lines = saying(anna, { 'Remote-Name': 'Annie' })
    expect(JSON.stringify(await ask({ ...(by && { cookie: by }), lines }))).toContain('"name":"Annie"')
  },
)

/** The address is Gran's, but the id that came with it is Anna's: her mailbox was given to Anna. */
const swapped = (): House => ({
  people: [admin, person(), { ...annas, headerId: '7' }],
  trustedHeader: {
    headers: { email: 'remote-email', id: 'remote-id', name: '', groups: '', picture: '', quota: '' },
  },
})
const annasId = saying(gran, { 'Remote-Id': '7' })

test.each<[string, SignInMethod, boolean]>([
  ['header session ends', 'trusted-header', true],
  ['password session stays', 'password', false],
])('when Gran’s address comes with Anna’s id, Anna is there, and Gran’s %s', async (_title, method, ends) => {
  const { ask, isRevoked, told } = house(method, swapped())
  expect(await ask({ cookie, lines: annasId })).toEqual(switchTo('anna-id'))
  expect(isRevoked()).toBe(ends)
  expect(told).toContainEqual({ ...changed, email: gran })
})

test('when Gran’s address comes with Anna’s id and neither shall win, a password session opens nothing', async () => {
  const { trustedHeader, people } = swapped()
  const refuses = { people: people ?? [], trustedHeader: { ...trustedHeader, onConflict: 'refuse' as const } }
  const one = house('password', refuses)
  expect(await one.ask({ cookie, lines: annasId })).toEqual(refused('identity_conflict'))
  expect(one.isRevoked()).toBe(false)
  expect(one.told).toContainEqual(told('identity_conflict', aboutGran))
  const other = house('trusted-header', refuses)
  expect(await other.ask({ cookie, lines: annasId })).toEqual(switchTo('anna-id'))
})

test('a page of another site changes nothing in Gran’s name, by header or cookie', async () => {
  const { ask, told, seenFrom } = house('password')
  const lines = [...saying(gran), ...foreignPage]
  const foreign = refused('cross_origin', { status: 403, message: 'The request came from another site' })
  for (const by of [{}, { cookie }]) {
    expect(await ask({ method: 'POST', lines, ...by })).toEqual(foreign)
    expect(told).toEqual([{ kind: 'sign_in_refused', code: 'cross_origin', peer: proxy }])
    told.length = 0
  }
  expect(seenFrom).toEqual([])
})

test('a page of another site may look, for it cannot read the answer, and our own may change', async () => {
  const { ask } = house('password')
  expect(await ask({ lines: [...saying(gran), ...foreignPage] })).toEqual(byHeader('gran-id'))
  const own: [string, string][] = [...saying(gran), ['Sec-Fetch-Site', 'same-origin']]
  expect(await ask({ method: 'POST', lines: own })).toEqual(byHeader('gran-id'))
})

test('the external domain is our own origin, whatever Host says', async () => {
  const { ask } = house('password', { externalDomain: 'https://photos.example' })
  const lines: [string, string][] = [
    ['Host', 'photos.example'],
    ['Origin', 'https://photos.example'],
    ...saying(gran),
  ]
  expect(await ask({ method: 'POST', lines })).toEqual(byHeader('gran-id'))
})

test('what was sent on purpose is no browser’s doing: another site’s mark does not matter', async () => {
  const { ask } = house('password')
  const lines: [string, string][] = [['Authorization', `Bearer ${cookie}`], ...foreignPage]
  expect(await ask({ method: 'POST', lines })).toEqual(bySession('password'))
})

const withToken: [string, string][] = [['X-Immich-User-Token', cookie]]

test('a token of a password session speaks for Gran; Anna’s header beside it goes into the audit', async () => {
  const { ask, told, seenFrom } = house('password')
  expect(await ask({ lines: [...withToken, ...saying(gran)] })).toEqual(bySession('password'))
  expect(told).toEqual([])
  expect(await ask({ lines: [...withToken, ...saying(anna)], cookie: 'old' })).toEqual(bySession('password'))
  const conflict = { kind: 'credential_conflict', userId: 'gran-id', email: anna, peer: proxy }
  expect(told).toEqual([{ ...conflict, method: 'session-token' }])
  expect(seenFrom).toEqual([proxy, proxy])
})

test('a bad token is refused, however good the header and the cookie beside it are', async () => {
  const { ask, told } = house('password')
  const lines: [string, string][] = [['X-Immich-User-Token', 'bad'], ...saying(gran)]
  expect(await ask({ lines, cookie })).toEqual(refused(undefined, { message: 'Invalid user token' }))
  expect(told).toEqual([{ kind: 'sign_in_refused', code: 'unknown_token', peer: proxy }])
})

test('the token of a header session lives by the proxy’s word as well', async () => {
  const { ask, isRevoked } = house('trusted-header')
  expect(await ask({ lines: [...withToken, ...saying(gran)] })).toEqual(bySession('trusted-header'))
  const invalid = refused(undefined, { message: 'Invalid user token' })
  expect(await ask({ lines: withToken, peer: stranger })).toEqual(invalid)
  expect(isRevoked()).toBe(false)
  expect(await ask({ lines: withToken })).toEqual(invalid)
  expect(isRevoked()).toBe(true)
})

test('the token of Gran’s header session with Anna’s header is nobody’s, and ends', async () => {
  const { ask, isRevoked } = house('trusted-header')
  const asking = await ask({ lines: [...withToken, ...saying(anna)] })
  expect(asking).toEqual(refused(undefined, { message: 'Invalid user token' }))
  expect(isRevoked()).toBe(true)
})

test('the token of Gran’s header session is nobody’s once she may not enter, or her address is Anna’s', async () => {
  const invalid = refused(undefined, { message: 'Invalid user token' })
  const left = house('trusted-header', { trustedHeader: { memberGroup: 'family' } })
  expect(await left.ask({ lines: [...withToken, ...saying(gran)] })).toEqual(invalid)
  const moved = house('trusted-header', swapped())
  expect(await moved.ask({ lines: [...withToken, ...annasId] })).toEqual(invalid)
  expect([left.isRevoked(), moved.isRevoked()]).toEqual([true, true])
})

test('an API key speaks for its owner, with its permissions; Anna’s header beside it goes into the audit', async () => {
  const { ask, keys, told } = house('password')
  keys.set('secret', { apiKey: { id: 'k1', permissions: ['asset.read'] } as never, user: person() })
  const lines: [string, string][] = [['X-Api-Key', 'secret']]
  const byKey = {
    caller: { by: 'api-key', apiKeyId: 'k1', permissions: ['asset.read'], user: person() },
    staleCookie: false,
  }
  expect(await ask({ lines })).toEqual(byKey)
  expect(await ask({ lines: [...lines, ...saying(gran)] })).toEqual(byKey)
  expect(told).toEqual([])
  expect(await ask({ lines: [...lines, ...saying(anna)] })).toEqual(byKey)
  const conflict = { kind: 'credential_conflict', userId: 'gran-id', email: anna, peer: proxy }
  expect(told).toEqual([{ ...conflict, method: 'api-key' }])
})

test('a bad API key is refused, however good the header and the cookie beside it are', async () => {
  const { ask, told } = house('password')
  const lines: [string, string][] = [['X-Api-Key', 'bad'], ...saying(gran)]
  expect(await ask({ lines, cookie })).toEqual(refused(undefined, { message: 'Invalid API key' }))
  expect(told).toEqual([{ kind: 'sign_in_refused', code: 'unknown_api_key', peer: proxy }])
})

test('by shared link nobody else is looked at, neither header nor cookie', async () => {
  const visit = { linkId: 'l1' } as never
  const asked: unknown[] = []
  const { ask, counted, seenFrom } = house('password', {
    visitAt: async (...at) => (asked.push(at), { visit }),
  })
  expect(await ask({ query: { key: 'k' }, lines: saying(anna), cookie })).toEqual({ visit })
  expect(asked).toEqual([[{ key: 'k' }, { immich_access_token: cookie }]])
  expect([...counted, ...seenFrom]).toEqual([])
})

test('a shared link with a password asks for it', async () => {
  const { ask, told } = house('password', { visitAt: async () => 'locked' })
  expect(await ask({ query: { slug: 's' } })).toEqual(refused(undefined, { message: 'Password required' }))
  expect(told).toEqual([])
})

test.each([
  [{ key: 'k' }, 'Invalid share key'],
  [{ slug: 's' }, 'Invalid share slug'],
])('a shared link that is over looks like one that never was: %o', async (query, message) => {
  const { ask, told } = house('password')
  expect(await ask({ query, lines: saying(gran), cookie })).toEqual(refused(undefined, { message }))
  expect(told).toEqual([{ kind: 'sign_in_refused', code: 'unknown_share_link', peer: proxy }])
})

test('a session brings its person along: nobody is looked for on the way that every request takes', async () => {
  const { ask, lookups } = house('trusted-header')
  await ask({ cookie, lines: saying(gran) })
  expect(lookups).toEqual([])
  await ask({ lines: saying(gran) })
  expect(lookups).toEqual([`email ${gran}`])
})

test('only the session that lost its ground ends, not the same person’s others', async () => {
  const { ask, begin, live } = house('trusted-header')
  begin({ userId: 'gran-id', method: 'trusted-header' })
  await ask({ cookie })
  expect(live.map(({ id }) => id)).toEqual(['s2'])
})

test.each(['cross-site', 'same-site'])(
  'a link on another site that leads past the portal signs nobody out (%s)',
  async (site) => {
    const { ask, isRevoked, told } = house('trusted-header')
    const lines: [string, string][] = [['Sec-Fetch-Site', site]]
    expect(await ask({ cookie, lines })).toEqual(refused(undefined))
    expect(await ask({ cookie: 'old', lines })).toEqual(refused(undefined))
    expect(isRevoked()).toBe(false)
    expect(told).toEqual([])
  },
)

test('a link on another site that leads through the portal shows whom the proxy names', async () => {
  const { ask } = house('password')
  const link = (email: string) => [...saying(email), ...foreignPage]
  expect(await ask({ cookie, lines: link(gran) })).toEqual(bySession('password'))
  expect(await ask({ cookie, lines: link(anna) })).toEqual(switchTo('anna-id'))
  const strict = house('password', { trustedHeader: { onConflict: 'refuse' } })
  expect(await strict.ask({ cookie, lines: link(anna) })).toEqual(refused('identity_conflict'))
})

test('our own page learns that the proxy names nobody any more', async () => {
  const { ask, isRevoked } = house('trusted-header')
  const asking = await ask({ cookie, lines: [['Sec-Fetch-Site', 'same-origin']] })
  expect(asking).toEqual(refused('signed_out_at_proxy', { clears: true }))
  expect(isRevoked()).toBe(true)
})

test('settings that may be taken back make nobody an admin', async () => {
  const { ask } = house('password', { trustedHeader: { adminGroup: 'admins' }, onProbation: true })
  const lines = saying(gran, { 'Remote-Groups': 'admins' })
  expect(await ask({ lines })).toMatchObject({ caller: { user: { isAdmin: false } } })
})
