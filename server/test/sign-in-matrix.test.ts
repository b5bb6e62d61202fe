import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { Answer } from './http-call.ts'
import { onePixelPng, upload } from './library-client.ts'
import { allSettings, casesUnder, designSays, type MatrixCase, type MatrixOutcome } from './sign-in-matrix.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { fileWith } from './vouching.ts'

type Person = { id: string; email: string }
type House = { server: TestServer; A: Person; B: Person; photo: string }

/** People straight into the database: the way in is what is tested. */
async function furnish(server: TestServer): Promise<House> {
  const { call, app, port } = server
  await call({ method: 'POST', path: '/api/auth/admin-sign-up', body: people.admin })
  const admin = await app.db.selectFrom('users').selectAll().executeTakeFirstOrThrow()
  const add = async ({ email, name }: { email: string; name: string }) => {
    const id = randomUUID()
    await app.db
      .insertInto('users')
      .values({ ...admin, id, email, name, is_admin: 0, storage_label: null })
      .execute()
    return { id, email }
  }
  const [A, B] = [await add(people.gran), await add(people.anna)]
  const { token } = await startSession(server, A, 'password')
  const person = { headers: { authorization: `Bearer ${token}` } }
  const { body } = await upload({ port, person }, { name: 'gran.png', bytes: onePixelPng })
  return { server, A, B, photo: body.id }
}

async function startSession({ app }: TestServer, { id }: Person, method: 'password' | 'trusted-header') {
  const token = randomBytes(32).toString('hex')
  const at = new Date().toISOString()
  const session = {
    id: randomUUID(),
    user_id: id,
    method,
    token_hash: createHash('sha256').update(token).digest('hex'),
  }
  const device = { device_type: '', device_os: '', app_version: null }
  await app.db
    .insertInto('sessions')
    .values({ ...session, ...device, created_at: at, updated_at: at, expires_at: null })
    .execute()
  return { token, id: session.id }
}

async function observe(house: House, one: MatrixCase): Promise<MatrixOutcome> {
  const { server, A, B } = house
  const byCookie = { 'header session': 'trusted-header', 'password session': 'password' } as const
  const method =
    one.cookie === 'header session' || one.cookie === 'password session' ? byCookie[one.cookie] : undefined
  const session = method && (await startSession(server, A, method))
  const token = session?.token ?? (one.cookie === 'unknown' ? 'long-gone' : undefined)
  const headers = [
    ...{
      A: ['remote-email', A.email],
      B: ['remote-email', B.email],
      none: [],
      bad: ['remote-email', A.email, 'remote-email', B.email],
    }[one.header],
    ...(token === undefined ? [] : ['cookie', `immich_access_token=${token}; immich_is_authenticated=true`]),
  ]
  const from = one.peer === 'trusted' ? peers.proxy : peers.intruder
  const { actsFor, answer } = await actions[one.kind](house, { headers, from })
  const code = (answer.body as { code?: string } | undefined)?.code
  return { actsFor, code, sessionOfA: await fateOf(server, session), cookies: await cookiesOf(house, answer) }
}

type Sent = { headers: string[]; from: string }
type Seen = { actsFor: MatrixOutcome['actsFor']; answer: Answer }

/** Does one thing of each kind, and says for whom the server did it, by what it did. */
const actions: Record<MatrixCase['kind'], (house: House, sent: Sent) => Promise<Seen>> = {
  async GET(house, sent) {
    const answer = await house.server.call({ path: '/api/users/me', ...sent })
    return { answer, actsFor: nameOf(house, (answer.body as { id?: string }).id) }
  },
  async POST(house, { headers, from }) {
    const { app, call } = house.server
    await app.db.deleteFrom('api_keys').execute()
    const body = { name: 'key', permissions: ['user.read'] }
    const sent = ['sec-fetch-site', 'same-origin', ...headers]
    const answer = await call({ method: 'POST', path: '/api/api-keys', from, headers: sent, body })
    const keys = await app.db.selectFrom('api_keys').select('user_id').execute()
    expect(keys.length).toBe(answer.status === 201 ? 1 : 0)
    return { answer, actsFor: nameOf(house, keys[0]?.user_id) }
  },
  async HTML(house, { headers, from }) {
    const sent = ['accept', 'text/html', 'sec-fetch-dest', 'document', ...headers]
    const answer = await house.server.call({ path: '/photos', from, headers: sent })
    const token = answer.cookies.immich_access_token
    if (token) return { answer: page(answer), actsFor: await ownerOf(house, token) }
    // The page asks with the cookies it came with, unless they were taken away, from the same place.
    const actsFor = token === '' ? 'nobody' : (await actions.GET(house, { from, headers })).actsFor
    return { answer: page(answer), actsFor }
  },
  async media(house, sent) {
    const answer = await house.server.call({ path: `/api/assets/${house.photo}/original`, ...sent })
    // Gran's photo: another member is told that there is no such thing for her.
    const actsFor = answer.status === 200 ? 'A' : answer.status === 404 ? 'B' : 'nobody'
    return { answer, actsFor }
  },
  async websocket(house, sent) {
    const answer = await upgrade(house.server.port, sent)
    return { answer, actsFor: answer.status === 101 ? 'A' : 'nobody' }
  },
}

const page = (answer: Answer): Answer => ({ ...answer, body: undefined })

function nameOf({ A, B }: House, id: string | undefined): MatrixOutcome['actsFor'] {
  return id === A.id ? 'A' : id === B.id ? 'B' : 'nobody'
}

async function ownerOf(house: House, token: string): Promise<'A' | 'B' | 'nobody'> {
  const hash = createHash('sha256').update(token).digest('hex')
  const { db } = house.server.app
  const row = await db
    .selectFrom('sessions')
    .select('user_id')
    .where('token_hash', '=', hash)
    .executeTakeFirst()
  return nameOf(house, row?.user_id)
}

async function fateOf(
  { app }: TestServer,
  session: { id: string } | undefined,
): Promise<MatrixOutcome['sessionOfA']> {
  if (!session) return 'none'
  const row = await app.db.selectFrom('sessions').select('id').where('id', '=', session.id).executeTakeFirst()
  return row ? 'lives' : 'ended'
}

async function cookiesOf(house: House, { cookies }: Answer): Promise<MatrixOutcome['cookies']> {
  const token = cookies.immich_access_token
  if (token === undefined) return 'kept'
  if (token === '') return 'cleared'
  const owner = await ownerOf(house, token)
  if (owner === 'nobody') throw new Error('a cookie was set that belongs to nobody')
  return owner
}

function upgrade(port: number, { headers, from }: Sent): Promise<Answer> {
  const handshake = ['connection', 'upgrade', 'upgrade', 'websocket', 'sec-websocket-version', '13']
  const key = ['sec-websocket-key', randomBytes(16).toString('base64')]
  const path = '/api/socket.io/?EIO=4&transport=websocket'
  return new Promise((resolve, reject) => {
    const list = ['host', `127.0.0.1:${port}`, ...handshake, ...key, ...headers]
    const sent = request({ host: '127.0.0.1', port, path, localAddress: from, headers: list, agent: false })
    sent.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: answer.headers, text: '', body: undefined, cookies: {} })
    })
    sent.on('response', (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          body: JSON.parse(text) as unknown,
          cookies: {},
        }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

test.each(allSettings)(
  'with $passwordLogin for passwords, $headerOn for the header and $onConflict on conflict, every combination ends as the design says',
  { timeout: 240_000 },
  async (settings) => {
    const section = { enabled: settings.headerOn, onConflict: settings.onConflict, autoRegister: false }
    const file = fileWith(section, { passwordLogin: { enabled: settings.passwordLogin } })
    await using server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
    const house = await furnish(server)
    const cases = casesUnder(settings)
    expect(cases).toHaveLength(160)
    const wrong: unknown[] = []
    for (const one of cases) {
      const [seen, said] = [await observe(house, one), designSays(one)]
      if (!isDeepStrictEqual(seen, said)) wrong.push({ ...one, seen, said })
    }
    expect(wrong).toEqual([])
  },
)
