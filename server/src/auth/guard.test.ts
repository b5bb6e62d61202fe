import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import {
  anna,
  clearedCookies,
  gran,
  houseInMemory,
  person,
  replyInMemory,
  requestOf,
  saying,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import { adminOnly, alsoByLink, byIdentity, open, signedIn, type Access } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { guardRoutes } from './guard.ts'
import { sendIdentity } from './identity-value.ts'

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true })
const visit = { linkId: 'l1' }

/** Gran’s header session is `s1`, her password session `s2`. */
function house(more: Parameters<typeof houseInMemory>[0] = {}) {
  const people = [admin, person(), person({ id: 'anna-id', email: anna })]
  const built = houseInMemory({ people, ...more })
  built.begin({ userId: 'gran-id', method: 'trusted-header' })
  built.begin({ userId: 'gran-id', method: 'password' })
  built.keys.set('reads', { apiKey: { id: 'k', permissions: ['asset.read'] } as never, user: person() })
  built.keys.set('all', { apiKey: { id: 'a', permissions: ['all'] } as never, user: person() })

  const decorated: unknown[] = []
  const hooks: Hook[] = []
  const app = {
    decorateRequest: (...of: unknown[]) => void decorated.push(of),
    addHook: (name: string, hook: Hook) => void (name === 'onRequest' && hooks.push(hook)),
  }
  guardRoutes(app as unknown as HttpServer, built)

  async function knock(access: Access | undefined, sent: Sent) {
    const told = replyInMemory()
    const request = Object.assign(requestOf(sent), { routeOptions: { config: { access } } })
    const thrown: unknown = await hooks[0]?.(request, told.reply).catch((problem: unknown) => problem)
    return { ...told, thrown, request, who: request.caller?.user.id }
  }
  return { ...built, knock, decorated, hooks }
}

const markOf = (id: string) => {
  const { reply, headers } = replyInMemory()
  sendIdentity(reply, { id })
  return headers['X-Porchlight-Identity']
}
const problem = (status: number, message: string, code?: string) =>
  expect.objectContaining({ status, message, code })
const required = problem(401, 'Authentication required')
const somebodyElse = problem(401, 'Somebody else is signed in now', 'identity_changed')

test('one hook stands before all routes, and no request has a caller from the start', () => {
  const { hooks, decorated } = house()
  expect(hooks).toHaveLength(1)
  expect(decorated).toEqual([
    ['caller', null],
    ['visit', null],
  ])
})

test.each([[open], [undefined]])('a public route never looks at who is there', async (access) => {
  const { knock, counted } = house()
  const { headers, cookies, cleared, who } = await knock(access, { lines: saying(gran), cookie: 'old' })
  expect([headers, cookies, cleared, who, counted]).toEqual([{}, {}, [], undefined, []])
})

test('a route that asks the proxy’s word itself is not asked here, but no cache keeps its answer', async () => {
  const { knock, counted } = house()
  const { headers, who } = await knock(byIdentity, { lines: saying(gran) })
  expect(headers).toEqual({ 'Cache-Control': 'private, no-store' })
  expect([who, counted]).toEqual([undefined, []])
})

test('whom the proxy vouches for gets through; the answer is hers alone and says so', async () => {
  const { headers, who, cookies, cleared, thrown } = await house().knock(signedIn(), { lines: saying(gran) })
  expect([who, thrown]).toEqual(['gran-id', undefined])
  expect(headers).toEqual({
    'Cache-Control': 'private, no-store',
    'X-Porchlight-Identity': markOf('gran-id'),
  })
  expect([cookies, cleared]).toEqual([{}, []])
})

test('nobody gets a 401, and the page learns that nobody is there', async () => {
  const { headers, thrown, who, cleared } = await house().knock(signedIn(), {})
  expect(thrown).toEqual(required)
  expect(headers).toEqual({ 'Cache-Control': 'private, no-store', 'X-Porchlight-Identity': 'nobody' })
  expect([who, cleared]).toEqual([undefined, []])
})

test('an old cookie is cleared, with and without the proxy’s word', async () => {
  const { knock } = house()
  const nobody = await knock(signedIn(), { cookie: 'old' })
  expect(nobody.thrown).toEqual(problem(401, 'Invalid user token'))
  const known = await knock(signedIn(), { cookie: 'old', lines: saying(gran) })
  expect([known.thrown, known.who]).toEqual([undefined, 'gran-id'])
  for (const { cleared, headers } of [nobody, known]) {
    expect(cleared).toEqual(clearedCookies)
    expect(headers).toHaveProperty('Clear-Site-Data')
  }
})

test.each(['s1-token', 's2-token'])(
  'out of Gran’s tab nothing is read or written for Anna, but the cookies become hers (%s)',
  async (cookie) => {
    const { knock, live } = house()
    const { thrown, who, headers, cookies } = await knock(signedIn(), { cookie, lines: saying(anna) })
    expect([thrown, who]).toEqual([somebodyElse, undefined])
    expect(headers).toMatchObject({
      'X-Porchlight-Identity': markOf('anna-id'),
      'Clear-Site-Data': '"cache", "storage"',
    })
    expect(live.at(-1)).toMatchObject({ userId: 'anna-id', method: 'trusted-header' })
    expect(cookies).toMatchObject({
      immich_access_token: { value: `${live.at(-1)?.id}-token` },
      immich_auth_type: { value: 'trusted-header' },
    })
  },
)

test('a page that still shows Gran does nothing in Anna’s name', async () => {
  const { knock, live } = house()
  const lines: [string, string][] = [...saying(anna), ['X-Porchlight-Identity', String(markOf('gran-id'))]]
  const { thrown, who, headers, cookies } = await knock(signedIn(), { lines })
  expect([thrown, who]).toEqual([somebodyElse, undefined])
  expect(headers['X-Porchlight-Identity']).toBe(markOf('anna-id'))
  expect(headers).not.toHaveProperty('Clear-Site-Data')
  expect([cookies, live.length]).toEqual([{}, 2])
})

test('a page that shows Anna does as Anna says', async () => {
  const lines: [string, string][] = [...saying(anna), ['X-Porchlight-Identity', String(markOf('anna-id'))]]
  expect(await house().knock(signedIn(), { lines })).toMatchObject({ who: 'anna-id', thrown: undefined })
})

test('an admin’s route is for admins', async () => {
  const { knock } = house()
  expect((await knock(adminOnly(), { lines: saying(gran) })).thrown).toEqual(problem(403, 'Forbidden'))
  expect((await knock(adminOnly(), { lines: saying(admin.email) })).thrown).toBeUndefined()
})

test.each<[string, Access, string | undefined]>([
  ['reads', signedIn('asset.read'), undefined],
  ['reads', alsoByLink('asset.read'), undefined],
  ['reads', signedIn(false), undefined],
  ['reads', signedIn('asset.delete'), 'Missing required permission: asset.delete'],
  ['reads', signedIn(), 'Missing required permission: all'],
  ['all', signedIn('asset.delete'), undefined],
  ['all', signedIn(), undefined],
  ['all', adminOnly(), 'Forbidden'],
])('Gran’s key with the permission %j, on %o: %s', async (secret, access, refusal) => {
  const { thrown } = await house().knock(access, { lines: [['X-Api-Key', secret]] })
  expect(thrown).toEqual(refusal === undefined ? undefined : problem(403, refusal))
})

test('Gran herself needs no permissions', async () => {
  expect((await house().knock(signedIn('asset.delete'), { cookie: 's2-token' })).thrown).toBeUndefined()
})

const byLink: Sent = { query: { key: 'k' }, lines: saying(gran), cookie: 'old' }
const withLink = () => house({ visitAt: async () => ({ visit: visit as never }) })

test('by shared link one sees what it shows, and the answer says nothing of who is there', async () => {
  const { request, thrown, headers, cleared } = await withLink().knock(alsoByLink(), byLink)
  expect([thrown, request.visit, request.caller]).toEqual([undefined, visit, undefined])
  expect(headers).toEqual({ 'Cache-Control': 'private, no-store' })
  expect(cleared).toEqual([])
})

test.each([[signedIn()], [signedIn(false)], [adminOnly()]])(
  'a shared link opens no other route: %o',
  async (access) => {
    const { request, thrown, headers } = await withLink().knock(access, byLink)
    expect([thrown, request.visit]).toEqual([problem(403, 'Forbidden'), undefined])
    expect(headers).toEqual({ 'Cache-Control': 'private, no-store' })
  },
)
