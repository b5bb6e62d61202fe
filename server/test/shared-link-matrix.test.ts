import { expect, test } from 'vitest'
import type { Answer, Call } from './http-call.ts'
import { sharedHouse, type Link, type SharedHouse } from './shared-house.ts'
import { people } from './start-server.ts'

/** As `POST /api/assets` it is refused before a byte is read; what it would be is told by the refusal. */
const emptyForm = { 'content-type': 'multipart/form-data; boundary=x' }

/** A call of a route that links reach, for something that the link shows, and what a visitor gets. */
const callsOf = ({ album, photos }: SharedHouse): Record<string, Call & { seen: number }> => ({
  'GET /api/albums/:id': { path: `/api/albums/${album}`, seen: 200 },
  'GET /api/assets/:id': { path: `/api/assets/${photos.shown}`, seen: 200 },
  'GET /api/assets/:id/original': { path: `/api/assets/${photos.shown}/original`, seen: 200 },
  'GET /api/assets/:id/thumbnail': { path: `/api/assets/${photos.shown}/thumbnail?size=preview`, seen: 200 },
  // A photo does not play, whoever asks.
  'GET /api/assets/:id/video/playback': { path: `/api/assets/${photos.shown}/video/playback`, seen: 404 },
  'GET /api/timeline/buckets': { path: `/api/timeline/buckets?albumId=${album}`, seen: 200 },
  'GET /api/timeline/bucket': {
    path: `/api/timeline/bucket?albumId=${album}&timeBucket=2024-05-01`,
    seen: 200,
  },
  'GET /api/shared-links/me': { path: '/api/shared-links/me', seen: 200 },
  // Allowed to, and then there is no file in the form.
  'POST /api/assets': { method: 'POST', path: '/api/assets', headers: emptyForm, seen: 400 },
})

/** What the owner of everything else would get; for `me` and uploads there is nothing else to compare. */
const outside = (seen: Call & { seen: number }): number => {
  if (seen.path === '/api/shared-links/me' || seen.method === 'POST') return seen.seen
  return /original|playback/.test(seen.path) ? 404 : 400
}

type Visitor = {
  headers: Record<string, string>
  status: (route: Call & { seen: number }) => number
  message?: string
}

async function visitorsOf(house: SharedHouse): Promise<Record<string, Visitor>> {
  const { server } = house
  const options = { allowUpload: true }
  const open = await house.shareAlbum({ ...options, slug: 'open' })
  const locked = await house.shareAlbum({ ...options, password: 'dunes', slug: 'locked' })
  const over = await house.shareAlbum({ ...options, expiresAt: '2020-01-01T00:00:00.000Z', slug: 'over' })
  const other = await house.share({ ...options, type: 'ALBUM', albumId: house.otherAlbum })
  const key = (link: Link) => ({ 'x-immich-share-key': link.key })
  const given = await server.call({
    method: 'POST',
    path: '/api/shared-links/login',
    headers: key(locked),
    body: { password: 'dunes' },
  })
  const cookie = `immich_shared_link_token=${given.cookies['immich_shared_link_token']}`
  const all401 = () => 401
  const seen = (route: { seen: number }) => route.seen
  return {
    'a link': { headers: key(open), status: seen },
    'a link by its slug': { headers: { 'x-immich-share-slug': 'open' }, status: seen },
    'a link, password not given': { headers: key(locked), status: all401, message: 'Password required' },
    'the same by its slug': {
      headers: { 'x-immich-share-slug': 'locked' },
      status: all401,
      message: 'Password required',
    },
    'a link, password given': { headers: { ...key(locked), cookie }, status: seen },
    'the cookie of another link’s password': { headers: { ...key(open), cookie }, status: seen },
    'an expired link': { headers: key(over), status: all401, message: 'Invalid share key' },
    'an expired link by its slug': {
      headers: { 'x-immich-share-slug': 'over' },
      status: all401,
      message: 'Invalid share slug',
    },
    'a link to another album': { headers: key(other), status: outside },
    'a link that nobody made': {
      headers: { 'x-immich-share-key': 'A'.repeat(67) },
      status: all401,
      message: 'Invalid share key',
    },
    'a stranger': { headers: {}, status: all401, message: 'Authentication required' },
    'the password’s cookie alone': {
      headers: { cookie },
      status: all401,
      message: 'Authentication required',
    },
  }
}

const ask = (house: SharedHouse, call: Call, headers: object): Promise<Answer> =>
  house.server.call({
    ...call,
    headers: { ...(call.headers as object), ...headers },
  })

test('every route that links reach, for everybody who may come by a link or without one', async () => {
  await using house = await sharedHouse()
  const calls = callsOf(house)
  const declared = house.server.app.http.declaredRoutes.filter(({ access }) => access?.class === 'share')
  expect(declared.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(Object.keys(calls).sort())

  for (const [who, { headers, status, message }] of Object.entries(await visitorsOf(house))) {
    for (const [route, call] of Object.entries(calls)) {
      const answer = await ask(house, call, headers)
      expect([who, route, answer.status]).toEqual([who, route, status(call)])
      const said = message === undefined ? undefined : (answer.body as { message: string }).message
      expect([who, route, said]).toEqual([who, route, message])
      expect([who, route, answer.headers['set-cookie']]).toEqual([who, route, undefined])
    }
  }
})

test('a link reaches no other route, whoever is signed in beside it', async () => {
  await using house = await sharedHouse()
  const { server, gran } = house
  const link = await house.shareAlbum({ allowUpload: true })
  const routes = server.app.http.declaredRoutes.filter(
    ({ access }) => access?.class === 'user' || access?.class === 'admin',
  )
  expect(routes.length).toBeGreaterThan(60)
  const before = await server.countEverything()
  for (const { method, url } of routes) {
    const path = url.replaceAll(/:\w+/g, house.photos.shown)
    for (const beside of [{}, { cookie: gran.cookie }, { 'remote-email': people.admin.email }]) {
      const answer = await house.visit(link, { method, path, headers: beside, body: {} })
      expect([method, url, beside, answer.status, answer.body]).toEqual([
        method,
        url,
        beside,
        403,
        { message: 'Forbidden' },
      ])
    }
  }
  expect(await server.countEverything()).toEqual(before)
})

test('an identity header, cookies or a key beside the link neither widen nor change what it shows', async () => {
  await using house = await sharedHouse()
  const { server, gran, photos } = house
  const link = await house.shareAlbum()
  const beside: Record<string, string>[] = [
    { 'remote-email': people.admin.email },
    { 'remote-email': people.gran.email, 'sec-fetch-site': 'same-origin' },
    { cookie: gran.cookie },
    gran.headers,
    { 'x-immich-user-token': gran.token },
    { 'x-porchlight-identity': 'somebody-else' },
    { 'remote-email': people.gran.email, cookie: gran.cookie, ...gran.headers },
  ]
  const before = await server.countEverything()
  for (const path of [
    '/api/shared-links/me',
    `/api/albums/${house.album}`,
    `/api/albums/${house.otherAlbum}`,
    `/api/assets/${photos.shown}`,
    `/api/assets/${photos.secret}`,
    `/api/assets/${photos.secret}/original`,
    `/api/assets/${photos.secret}/thumbnail`,
    `/api/timeline/buckets?albumId=${house.otherAlbum}`,
    '/api/timeline/buckets',
  ]) {
    const alone = await house.visit(link, { path })
    for (const headers of beside) {
      const answer = await house.visit(link, { path, headers })
      expect([path, headers, answer.status, answer.text]).toEqual([path, headers, alone.status, alone.text])
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.headers['x-porchlight-identity']).toBeUndefined()
    }
  }
  expect(await server.countEverything()).toEqual(before)
})

test('a link dies with its owner’s account, and comes back with it', async () => {
  await using house = await sharedHouse()
  const { server, gran } = house
  const link = await house.shareAlbum()
  const login = await server.call({ method: 'POST', path: '/api/auth/login', body: people.admin })
  const admin = { authorization: `Bearer ${(login.body as { accessToken: string }).accessToken}` }
  const account = `/api/admin/users/${gran.id}`
  await server.call({ method: 'DELETE', path: account, headers: admin, body: {} })
  for (const call of Object.values(callsOf(house))) {
    const answer = await ask(house, call, { 'x-immich-share-key': link.key })
    expect([call.path, answer.status, answer.body]).toEqual([
      call.path,
      401,
      { message: 'Invalid share key' },
    ])
  }
  await server.call({ method: 'POST', path: `${account}/restore`, headers: admin, body: {} })
  expect((await house.visit(link, { path: '/api/shared-links/me' })).status).toBe(200)
})
