import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  designSays,
  everyPair,
  isAmbient,
  type Acting,
  type Credential,
  type Person,
} from './credential-pairs.ts'
import { onePixelPng, upload } from './library-client.ts'
import { people, type TestServer } from './start-server.ts'
import { householdWith } from './vouching.ts'

type House = {
  server: TestServer
  ids: Record<Person, string>
  keys: Record<Person, string>
  /** Somebody else's photo, and a link to it. */
  link: { key: string; slug: string; assetId: string }
}

async function furnish(): Promise<House> {
  const server = await householdWith({})
  const { call, port } = server
  const [gran, anna] = [await server.addPerson(people.gran), await server.addPerson(people.anna)]
  const login = await call({ method: 'POST', path: '/api/auth/login', body: people.admin })
  const admin = {
    headers: { authorization: `Bearer ${(login.body as { accessToken: string }).accessToken}` },
  }
  const { body } = await upload({ port, person: admin }, { name: 'x.png', bytes: onePixelPng })
  const shared = await call({
    method: 'POST',
    path: '/api/shared-links',
    ...admin,
    body: { type: 'INDIVIDUAL', assetIds: [body.id], slug: 'picture' },
  })
  const keyOf = async ({ headers }: { headers: Record<string, string> }) => {
    const made = await call({
      method: 'POST',
      path: '/api/api-keys',
      headers,
      body: { permissions: ['all'] },
    })
    return (made.body as { secret: string }).secret
  }
  return {
    server,
    ids: { gran: gran.id, anna: anna.id },
    keys: { gran: await keyOf(gran), anna: await keyOf(anna) },
    link: { key: (shared.body as { key: string }).key, slug: 'picture', assetId: body.id },
  }
}

/** A session straight in the database: some cases end the one they use. */
async function sessionOf({ server, ids }: House, person: Person, method: 'password' | 'trusted-header') {
  const token = randomBytes(32).toString('hex')
  const at = new Date().toISOString()
  await server.app.db
    .insertInto('sessions')
    .values({
      id: randomUUID(),
      user_id: ids[person],
      method,
      token_hash: createHash('sha256').update(token).digest('hex'),
      device_type: '',
      device_os: '',
      created_at: at,
      updated_at: at,
    })
    .execute()
  return token
}

type Sent = { headers: string[]; query: [string, string][] }

/** Puts one credential where it belongs. */
async function send(house: House, { place, person, good }: Credential): Promise<Sent> {
  const header = (name: string, value: string): Sent => ({ headers: [name, value], query: [] })
  const query = (name: string, value: string): Sent => ({ headers: [], query: [[name, value]] })
  const token = async (method: 'password' | 'trusted-header') =>
    good ? sessionOf(house, person, method) : 'long-gone'
  const { link } = house
  const apiKey = good ? house.keys[person] : 'no-such-key'
  const [key, slug] = good ? [link.key, link.slug] : ['no-such-link', 'no-such-slug']
  const cookie = async (method: 'password' | 'trusted-header') =>
    header('cookie', `immich_access_token=${await token(method)}; immich_is_authenticated=true`)
  switch (place) {
    case 'share key in a header':
      return header('x-immich-share-key', key)
    case 'share key in the address':
      return query('key', key)
    case 'share slug in a header':
      return header('x-immich-share-slug', slug)
    case 'share slug in the address':
      return query('slug', slug)
    case 'x-immich-user-token':
      return header('x-immich-user-token', await token('password'))
    case 'x-immich-user-token, of a header session':
      return header('x-immich-user-token', await token('trusted-header'))
    case 'x-immich-session-token':
      return header('x-immich-session-token', await token('password'))
    case 'sessionKey in the address':
      return query('sessionKey', await token('password'))
    case 'bearer':
      return header('authorization', `Bearer ${await token('password')}`)
    case 'API key in a header':
      return header('x-api-key', apiKey)
    case 'API key in the address':
      return query('apiKey', apiKey)
    case 'cookie, by password':
      return cookie('password')
    case 'cookie, by header':
      return cookie('trusted-header')
    case 'trusted header': {
      const other = person === 'gran' ? 'anna' : 'gran'
      const named = header('remote-email', people[person].email)
      return good ? named : { ...named, headers: [...named.headers, 'remote-email', people[other].email] }
    }
  }
}

async function whoActs(house: House, credentials: readonly Credential[]): Promise<Acting> {
  const ask = async (path: string) => {
    const sent = await Promise.all(credentials.map((one) => send(house, one)))
    const query = new URLSearchParams(sent.flatMap((one) => one.query)).toString()
    return house.server.call({ path: `${path}?${query}`, headers: sent.flatMap((one) => one.headers) })
  }
  const me = await ask('/api/users/me')
  const photo = await ask(`/api/assets/${house.link.assetId}`)
  const code = (me.body as { code?: string }).code
  const isExplicit = credentials.some(({ place }) => !isAmbient(place))
  // Whoever sends a credential on purpose is handed no session, and told of nobody else.
  const cookies = me.headers['set-cookie'] ?? photo.headers['set-cookie']
  if (isExplicit && cookies !== undefined) throw new Error(`was handed ${cookies.join()}`)
  const seen = `${me.status} ${photo.status}`
  if (seen === '403 200') return 'link'
  if (seen === '401 401') return code === 'identity_changed' ? 'changed' : 'nobody'
  const { id } = me.body as { id?: string }
  if (seen !== '200 400') throw new Error(`answered ${seen}`)
  return id === house.ids.gran ? 'gran' : 'anna'
}

test('of two credentials on one request, the one that the design says counts, good or bad', async () => {
  const house = await furnish()
  await using _ = house.server
  const pairs = everyPair()
  expect(pairs).toHaveLength(712)
  const wrong: unknown[] = []
  for (const pair of pairs) {
    const [seen, said] = [await whoActs(house, pair).catch(String), designSays(pair)]
    if (seen !== said)
      wrong.push({ pair: pair.map(({ place, person, good }) => `${place}: ${person} ${good}`), seen, said })
  }
  expect(wrong).toEqual([])
}, 120_000)

test('each credential alone opens what is its own, and a bad one nothing', async () => {
  const house = await furnish()
  await using _ = house.server
  for (const good of [true, false])
    for (const place of new Set(everyPair().flatMap((pair) => pair.map((one) => one.place)))) {
      const one: Credential = { place, person: 'anna', good }
      expect([place, good, await whoActs(house, [one])]).toEqual([place, good, designSays([one])])
    }
})
