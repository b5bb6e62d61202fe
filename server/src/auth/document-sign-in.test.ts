import { expect, test } from 'vitest'
import {
  anna,
  clearedCookies,
  gran,
  houseInMemory,
  person,
  proxy,
  replyInMemory,
  requestOf,
  saying,
  stranger,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import { createDocumentSignIn } from './document-sign-in.ts'

/** Gran’s header session is `s1`, her password session `s2`. */
function house(more: Parameters<typeof houseInMemory>[0] = {}) {
  const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true })
  const people = [admin, person(), person({ id: 'anna-id', email: anna })]
  const built = houseInMemory({ people, ...more })
  built.begin({ userId: 'gran-id', method: 'trusted-header' })
  built.begin({ userId: 'gran-id', method: 'password' })
  const signIn = createDocumentSignIn(built)
  async function open(sent: Sent) {
    const told = replyInMemory()
    await signIn(requestOf({ url: '/photos', ...sent }), told.reply)
    return told
  }
  return { ...built, open }
}

const hers = (id: string) => ({
  immich_access_token: expect.objectContaining({ value: `${id}-token`, httpOnly: true }),
  immich_auth_type: expect.objectContaining({ value: 'trusted-header' }),
  immich_is_authenticated: expect.objectContaining({ value: 'true' }),
})
const page: [string, string][] = [['Sec-Fetch-Dest', 'document']]

test.each([[{}], [{ lines: page }]])(
  'Gran opens the page and is signed in on it, with %o',
  async ({ lines = [] }: Sent) => {
    const { open, live } = house()
    const { cookies, headers, cleared } = await open({ lines: [...lines, ...saying(gran)] })
    expect(cookies).toEqual(hers('s3'))
    expect([headers, cleared]).toEqual([{}, []])
    expect(live.at(-1)).toMatchObject({ userId: 'gran-id', method: 'trusted-header' })
  },
)

test.each(['s1-token', 's2-token'])('who has a session keeps it: %s', async (cookie) => {
  const { open, live } = house()
  const { cookies, headers } = await open({ cookie, lines: saying(gran) })
  expect([cookies, headers, live.length]).toEqual([{}, {}, 2])
})

test('where Anna sits down after Gran, the page is Anna’s and forgets Gran', async () => {
  const { open, live } = house()
  const { cookies, headers } = await open({ cookie: 's2-token', lines: saying(anna) })
  expect(cookies).toEqual(hers('s3'))
  expect(headers).toEqual({ 'Clear-Site-Data': '"cache", "storage"' })
  expect(live.at(-1)).toMatchObject({ userId: 'anna-id' })
})

test('an old cookie is replaced, and what the browser kept goes', async () => {
  const { cookies, headers } = await house().open({ cookie: 'old', lines: saying(gran) })
  expect(cookies).toEqual(hers('s3'))
  expect(headers).toHaveProperty('Clear-Site-Data')
})

test('an old cookie without a header is cleared', async () => {
  const { cookies, headers, cleared } = await house().open({ cookie: 'old' })
  expect(cookies).toEqual({})
  expect(cleared).toEqual(clearedCookies)
  expect(headers).toHaveProperty('Clear-Site-Data')
})

test.each<[string, Sent]>([
  ['nobody', {}],
  ['a stranger who names Gran', { peer: stranger, lines: saying(gran) }],
  ['a stranger with Gran’s header session', { peer: stranger, cookie: 's1-token' }],
])('%s gets the page and nothing with it', async (_who, sent) => {
  const { open, live } = house()
  const { cookies, headers, cleared } = await open(sent)
  expect([cookies, headers, cleared, live.length]).toEqual([{}, {}, [], 2])
})

test.each<[string, Sent]>([
  ['on the signed-out page', { url: '/auth/signed-out' }],
  ['below the signed-out page', { url: '/auth/signed-out/?again' }],
  ['on a shared link', { url: '/share/abc' }],
  ['on a short shared link', { url: '/s/beach' }],
  ['where the page asks for none', { url: '/auth/login?x=1&autoLaunch=0' }],
  ['by a HEAD request', { method: 'HEAD' }],
  ['by a POST request', { method: 'POST' }],
  ['inside a frame', { lines: [['Sec-Fetch-Dest', 'iframe']] }],
  ['for a picture', { lines: [['Sec-Fetch-Dest', 'image']] }],
])('%s nobody is signed in or looked at', async (_where, { lines = [], ...sent }) => {
  const { open, counted, live } = house()
  const { cookies, headers, cleared } = await open({
    ...sent,
    cookie: 'old',
    lines: [...lines, ...saying(gran)],
  })
  expect([cookies, headers, cleared, counted, live.length]).toEqual([{}, {}, [], [], 2])
})

test.each([
  '/',
  '/shared-links',
  '/sharing',
  '/search',
  '/x/share/abc',
  '/x/s/abc',
  '/x/auth/signed-out',
  '/auth/signed-outing',
  '/auth/login?autoLaunch=1',
  '/photos?next=/share/',
])('on %s Gran is signed in as everywhere', async (url) => {
  expect((await house().open({ url, lines: saying(gran) })).cookies).toEqual(hers('s3'))
})

test('a shared link in a parameter starts no session', async () => {
  const { open, live } = house({ visitAt: async () => ({ visit: {} as never }) })
  const { cookies, headers } = await open({ query: { key: 'k' }, lines: saying(gran) })
  expect([cookies, headers, live.length]).toEqual([{}, {}, 2])
})

test('the sign-in is in the audit, with the peer', async () => {
  const { open, told } = house()
  await open({ lines: saying(gran) })
  expect(told).toEqual([
    { kind: 'signed_in', method: 'trusted-header', userId: 'gran-id', email: gran, peer: proxy },
  ])
})
