import { pino } from 'pino'
import { expect, test } from 'vitest'
import { appAddress, newSecrets, phoneApp, tokenIn, urlIn } from './phone-app.ts'
import { peers, people, startServer } from './start-server.ts'
import { asks, auditOf, fileWith, householdWith, opensPage } from './vouching.ts'

const gran = people.gran.email
const said = { 'remote-email': gran }
const annas = { 'remote-email': people.anna.email }

/** A clock that a test can turn. */
function turnable() {
  let at = Date.parse('2026-05-01T12:00:00Z')
  return { now: () => new Date(at), turn: (milliseconds: number) => void (at += milliseconds) }
}

/** Gran has said yes; the answer is on its way to the app. */
async function granted(server: Awaited<ReturnType<typeof householdWith>>, app = phoneApp(server)) {
  const answer = await app.saysYes(said)
  expect(answer.status).toBe(201)
  return { app, came: urlIn(answer) }
}

const refusal = { status: 400, body: { message: 'OAuth authentication failed' } }

test('gran’s phone signs in: the app asks, the proxy knows her, she says yes, and the app needs no proxy from then on', async () => {
  await using server = await householdWith({})
  const { body: features } = await server.call({ path: '/api/server/features' })
  expect(features).toMatchObject({ oauth: true, oauthAutoLaunch: false })
  const { body: config } = await server.call({ path: '/api/public/config' })
  expect(config).toMatchObject({ oauth: { enabled: true, buttonText: 'Sign in as in the browser' } })

  const app = phoneApp(server)
  const asked = await app.authorize()
  expect(asked.status).toBe(201)
  expect(asked.cookies).toEqual({})
  const page = new URL(urlIn(asked))
  expect([page.host, page.pathname]).toEqual([`127.0.0.1:${server.port}`, '/auth/device'])
  expect(Object.fromEntries(page.searchParams)).toEqual({
    redirect_uri: appAddress,
    state: app.state,
    code_challenge: app.codeChallenge,
  })

  const { came } = await granted(server, app)
  expect(came).toMatch(/^app\.immich:\/\/\/oauth-callback\?code=[A-Za-z0-9]{38,43}&state=/)
  const answer = await app.callback(came)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ userEmail: gran, isAdmin: false })
  expect(Object.keys(answer.cookies)).toEqual([
    'immich_oauth_state',
    'immich_oauth_code_verifier',
    'immich_access_token',
    'immich_auth_type',
    'immich_is_authenticated',
  ])
  expect((await app.uses(tokenIn(answer))).body).toMatchObject({ email: gran })
  expect(await auditOf(server)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'device_granted', email: gran }),
      expect.objectContaining({ kind: 'signed_in', method: 'device', email: gran }),
    ]),
  )
})

test('older apps write the address with fewer slashes, and an overriding address leads to the app as well', async () => {
  await using server = await householdWith({})
  const app = phoneApp(server)
  const { came } = await granted(server, app)
  expect((await app.callback(came.replace('///', '/'))).status).toBe(201)

  const redirect = 'https://photos.home.example/api/oauth/mobile-redirect'
  const oauth = { mobileOverrideEnabled: true, mobileRedirectUri: redirect }
  await using other = await startServer({
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}, { oauth }) },
  })
  await other.signUpAdmin()
  const overridden = phoneApp(other)
  const url = urlIn(await overridden.saysYes(said))
  expect(url).toMatch(/^https:\/\/photos\.home\.example\/api\/oauth\/mobile-redirect\?code=/)
  const back = url.replace(redirect, appAddress)
  expect((await overridden.callback(back)).status).toBe(201)
})

test('nothing is granted without a yes: asking alone makes no code', async () => {
  await using server = await householdWith({})
  for (let count = 0; count < 20; count++) await phoneApp(server).authorize()
  const rows = await server.app.db.selectFrom('device_codes').selectAll().execute()
  expect(rows).toEqual([])
})

test('a code counts once, also for the right app, and also for two at once', async () => {
  await using server = await householdWith({})
  const { app, came } = await granted(server)
  const answers = await Promise.all([app.callback(came), app.callback(came), app.callback(came)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400])
  expect(await app.callback(came)).toMatchObject(refusal)
  const sessions = await server.app.db
    .selectFrom('sessions')
    .where('method', '=', 'device')
    .select('id')
    .execute()
  expect(sessions).toHaveLength(1)
})

test('a stolen code is of no use without the verifier, and of no use to anybody after that', async () => {
  await using server = await householdWith({})
  const { app, came } = await granted(server)
  expect(await app.callback(came, { codeVerifier: newSecrets().codeVerifier })).toMatchObject(refusal)
  expect(await app.callback(came)).toMatchObject(refusal)
  const codes = (await auditOf(server)).map(({ code }) => code)
  expect(codes).toEqual(expect.arrayContaining(['wrong_verifier', 'code_unknown']))
})

test('a code that comes back by another address or with another state is refused', async () => {
  await using server = await householdWith({})
  const own = `http://127.0.0.1:${server.port}/auth/login`
  const first = await granted(server)
  expect(await first.app.callback(first.came.replace(appAddress, own))).toMatchObject(refusal)
  const second = await granted(server)
  expect((await second.app.callback(second.came.replace('app.immich', 'app.evil'))).status).toBe(400)
  const third = await granted(server)
  expect(await third.app.callback(third.came, { state: 'another-state' })).toMatchObject(refusal)
  const sessions = await server.app.db
    .selectFrom('sessions')
    .where('method', '=', 'device')
    .select('id')
    .execute()
  expect(sessions).toEqual([])
})

test('a code is good for a minute after the yes', async () => {
  const clock = turnable()
  await using server = await startServer({ clock, environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) } })
  await server.signUpAdmin()
  const first = await granted(server)
  clock.turn(59_999)
  expect((await first.app.callback(first.came)).status).toBe(201)
  const second = await granted(server)
  clock.turn(60_000)
  expect(await second.app.callback(second.came)).toMatchObject(refusal)
  expect(await auditOf(server)).toContainEqual(expect.objectContaining({ code: 'code_over' }))
})

test('only the person whom the proxy vouches for says yes: no key, no password, no header from elsewhere, nobody else', async () => {
  await using server = await householdWith({ onConflict: 'refuse' })
  const anna = await server.addPerson(people.anna)
  const app = phoneApp(server)
  const key = await server.call({
    method: 'POST',
    path: '/api/api-keys',
    headers: { cookie: anna.cookie },
    body: { permissions: ['all'] },
  })
  const { secret } = key.body as { secret: string }
  const refused = { status: 403, body: { code: 'not_vouched_for' } }
  expect(await app.saysYes({ cookie: anna.cookie })).toMatchObject(refused)
  expect(await app.saysYes(anna.headers)).toMatchObject(refused)
  // Another person confirms: anna's token, gran at the proxy.
  expect(await app.saysYes({ ...anna.headers, ...said })).toMatchObject(refused)
  expect(await app.saysYes({ 'x-api-key': secret })).toMatchObject(refused)
  expect(await app.saysYes({ 'x-api-key': secret, ...annas })).toMatchObject(refused)
  expect((await app.saysYes({})).status).toBe(401)
  const { state, codeChallenge } = app
  const fromElsewhere = await server.call({
    method: 'POST',
    path: '/api/device-sign-in/grant',
    from: peers.intruder,
    headers: said,
    body: { redirectUri: appAddress, state, codeChallenge },
  })
  expect(fromElsewhere.status).toBe(401)
  expect(await server.app.db.selectFrom('device_codes').selectAll().execute()).toEqual([])
})

test('a page that shows gran does not say yes for anna, who sits there now', async () => {
  await using server = await householdWith({})
  const me = await asks(server, said)
  const page = { 'x-porchlight-identity': String(me.headers['x-porchlight-identity']) }
  const app = phoneApp(server)
  expect(await app.saysYes({ ...annas, ...page })).toMatchObject({
    status: 401,
    body: { code: 'identity_changed' },
  })
  const cookie = await opensPage(server, said)
  expect(await app.saysYes({ cookie, ...annas })).toMatchObject({
    status: 401,
    body: { code: 'identity_changed' },
  })
  expect((await app.saysYes({ ...said, ...page })).status).toBe(201)
})

test.each<[string, Record<string, string>]>([
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site', origin: 'https://other.home.example' }],
  ['a browser that only says Origin', { origin: 'https://evil.example' }],
  ['a page without an origin', { origin: 'null' }],
])('a yes that %s made the browser say is none (login CSRF)', async (_who, headers) => {
  await using server = await householdWith({})
  const app = phoneApp(server)
  expect(await app.saysYes({ ...said, ...headers })).toMatchObject({
    status: 403,
    body: { code: 'cross_origin' },
  })
  expect(
    (await server.call({ method: 'GET', path: '/api/device-sign-in/grant', headers: said })).status,
  ).toBe(404)
  expect(await server.app.db.selectFrom('device_codes').selectAll().execute()).toEqual([])
})

test('nor is one from another site that brings a good token along, which the guard takes for a program’s', async () => {
  await using server = await householdWith({})
  const { headers } = await server.addPerson(people.gran)
  const app = phoneApp(server)
  const foreign = { ...said, origin: 'https://evil.example' }
  expect(await app.saysYes({ ...headers, ...foreign })).toMatchObject({
    status: 403,
    body: { code: 'cross_origin' },
  })
  expect((await app.saysYes({ ...headers, ...said })).status).toBe(201)
})

const origin = 'https://photos.home.example'
const elsewhere = [
  'https://evil.example/',
  'https://evil.example/auth/login',
  'https://photos.home.example.evil.example/auth/login',
  'https://photos.home.example@evil.example/auth/login',
  'https://photos.home.example/auth/login?next=//evil.example',
  'https://photos.home.example/auth/login#x',
  'https://photos.home.example/auth/login/',
  'https://photos.home.example//auth/login',
  'https://photos.home.example/auth/../auth/login',
  'https://photos.home.example/photos',
  'https://PHOTOS.home.example/auth/login',
  'http://photos.home.example/auth/login',
  '//photos.home.example/auth/login',
  '/auth/login',
  'app.immich:///oauth-callback?x=1',
  'app.immich:///oauth-callback/../x',
  'app.immich:///oauth-callbackx',
  'app.immich:////oauth-callback',
  'app.immich://evil/oauth-callback',
  'app.immich:oauth-callback',
  'App.Immich:///oauth-callback',
  'app.immich.evil:///oauth-callback',
  'javascript:alert(1)//oauth-callback',
  'data:text/html,app.immich:///oauth-callback',
  ' app.immich:///oauth-callback',
  'app.immich:///oauth-callback\n',
  'https://evil.example/?app.immich:///oauth-callback',
  '',
]

test('no code is sent anywhere else than to the app or our own page', async () => {
  const allowedHosts = ['127.0.0.1']
  const file = fileWith({ allowedHosts }, { server: { externalDomain: origin } })
  await using server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await server.signUpAdmin()
  const app = phoneApp(server)
  for (const address of elsewhere) {
    expect({ address, status: (await app.authorize(address)).status }).toEqual({ address, status: 400 })
    expect({ address, status: (await app.saysYes(said, address)).status }).toEqual({ address, status: 400 })
  }
  expect((await app.saysYes(said, `${origin}/auth/login`)).status).toBe(201)
})

test('a browser that comes back to our own page keeps its secrets in cookies, and its session lives by the proxy’s word', async () => {
  await using server = await householdWith({})
  const redirectUri = `http://127.0.0.1:${server.port}/auth/login`
  const asked = await server.call({ method: 'POST', path: '/api/oauth/authorize', body: { redirectUri } })
  const page = new URL(urlIn(asked))
  const { state = '', code_challenge: codeChallenge = '' } = Object.fromEntries(page.searchParams)
  const yes = await server.call({
    method: 'POST',
    path: '/api/device-sign-in/grant',
    headers: said,
    body: { redirectUri, state, codeChallenge },
  })
  const kept = Object.entries(asked.cookies).map((pair) => pair.join('='))
  const back = (cookie: string) =>
    server.call({
      method: 'POST',
      path: '/api/oauth/callback',
      headers: { cookie },
      body: { url: urlIn(yes) },
    })
  expect(await back('')).toMatchObject({ status: 400, body: { message: 'OAuth state is missing' } })
  expect(await back(kept[0] ?? '')).toMatchObject({
    status: 400,
    body: { message: 'OAuth code verifier is missing' },
  })
  const answer = await back(kept.join('; '))
  expect(answer.status).toBe(201)
  const token = { cookie: `immich_access_token=${tokenIn(answer)}` }
  expect((await asks(server, { ...token, ...said })).status).toBe(200)
  expect((await asks(server, token)).body).toMatchObject({ code: 'signed_out_at_proxy' })
})

test('challenges that are none, and codes that are none, are refused', async () => {
  await using server = await householdWith({})
  for (const codeChallenge of ['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}!`]) {
    const body = { redirectUri: appAddress, state: 's', codeChallenge }
    expect((await server.call({ method: 'POST', path: '/api/oauth/authorize', body })).status).toBe(400)
    const path = '/api/device-sign-in/grant'
    expect((await server.call({ method: 'POST', path, body, headers: said })).status).toBe(400)
  }
  const app = phoneApp(server)
  for (const url of [
    appAddress,
    `${appAddress}?code=`,
    `${appAddress}?code=x&state=${app.state}`,
    'nonsense',
  ])
    expect((await app.callback(url)).status).toBe(400)
})

test('while the header is off, or an issuer is set, our own word answers nobody', async () => {
  const off = { PORCHLIGHT_CONFIG_FILE: fileWith({ enabled: false }) }
  await using server = await startServer({ environment: off })
  const admin = await server.signUpAdmin()
  const app = phoneApp(server)
  expect((await app.authorize()).body).toEqual({ message: 'OAuth is not enabled' })
  expect((await app.callback(`${appAddress}?code=x`)).body).toEqual({ message: 'OAuth is not enabled' })
  expect((await app.saysYes(admin.headers)).body).toEqual({ message: 'OAuth is not enabled' })
  expect((await server.call({ path: '/api/server/features' })).body).toMatchObject({ oauth: false })
})

test('a person deleted within the minute does not get in', async () => {
  await using server = await householdWith({})
  const { app, came } = await granted(server)
  await server.app.db
    .updateTable('users')
    .set({ deleted_at: '2026-05-01T00:00:00.000Z' })
    .where('email', '=', gran)
    .execute()
  expect(await app.callback(came)).toMatchObject(refusal)
})

test('signing out in a browser leaves the phone signed in; on all devices it does not; the app signs itself out', async () => {
  await using server = await householdWith({})
  const signIn = async () => {
    const { app, came } = await granted(server)
    const token = tokenIn(await app.callback(came))
    return { app, token, works: async () => (await app.uses(token)).status === 200 }
  }
  const out = (headers: Record<string, string>, body?: unknown) =>
    server.call({ method: 'POST', path: '/api/auth/logout', headers, body })
  const [phone, tablet] = [await signIn(), await signIn()]
  expect((await out({ cookie: await opensPage(server, said), ...said })).status).toBe(200)
  expect([await phone.works(), await tablet.works()]).toEqual([true, true])

  expect((await out({ 'x-immich-user-token': tablet.token })).body).toMatchObject({ successful: true })
  expect([await phone.works(), await tablet.works()]).toEqual([true, false])

  const cookie = await opensPage(server, said)
  expect((await out({ cookie, ...said }, { allDevices: true })).status).toBe(200)
  expect(await phone.works()).toBe(false)
})

test('codes, verifiers and tokens are in no log and no table, whatever goes wrong', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  await using server = await startServer({
    logger,
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith({}) },
  })
  await server.signUpAdmin()
  const { app, came } = await granted(server)
  const code = new URL(came).searchParams.get('code') ?? ''
  const token = tokenIn(await app.callback(came))
  await app.callback(came)
  await server.call({ path: `/auth/login?code=${code}&state=x`, headers: { accept: 'text/html' } })
  await server.call({ path: `/api/oauth/mobile-redirect?code=${code}` })
  await server.app.audit.flush()
  const tables = ['audit_events', 'sessions', 'device_codes'] as const
  const rows = await Promise.all(tables.map((table) => server.app.db.selectFrom(table).selectAll().execute()))
  const kept = lines.join('') + JSON.stringify(rows)
  for (const secret of [code, app.codeVerifier, token]) expect(kept).not.toContain(secret)
})
