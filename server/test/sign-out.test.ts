import { expect, test } from 'vitest'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { createSigner } from './signed-tokens.ts'
import { asks, auditOf, fileWith, householdWith, opensPage } from './vouching.ts'

const gran = people.gran.email
const said = { 'remote-email': gran }

async function signsOut(
  server: TestServer,
  headers: Record<string, string>,
  { body, query = '' }: { body?: unknown; query?: string } = {},
) {
  return server.call({ method: 'POST', path: `/api/auth/logout${query}`, headers, body })
}
const methodsLeft = async ({ app }: TestServer) =>
  (await app.db.selectFrom('sessions').select('method').orderBy('method').execute()).map(
    ({ method }) => method,
  )

test('signing out on one device signs gran out of all that the header let in, and clears this browser', async () => {
  await using server = await householdWith({})
  const phone = await opensPage(server, said)
  await opensPage(server, said)
  await opensPage(server, { 'remote-email': people.anna.email })
  const answer = await signsOut(server, { cookie: phone, ...said })
  expect(answer.body).toEqual({ successful: true, redirectUri: '/auth/signed-out' })
  expect(answer.headers['clear-site-data']).toBe('"cache", "storage"')
  expect(Object.values(answer.cookies)).toEqual(['', '', ''])
  // The admin's, by password, and anna's.
  expect(await methodsLeft(server)).toEqual(['password', 'trusted-header'])
  expect(await auditOf(server)).toContainEqual(expect.objectContaining({ kind: 'signed_out', email: gran }))
})

test.each<[string, { body?: unknown; query?: string }]>([
  ['in the body', { body: { thisDeviceOnly: true } }],
  ['in the address', { query: '?thisDeviceOnly=true' }],
])('signing out on this device only, said %s, leaves the others', async (_where, how) => {
  await using server = await householdWith({})
  const phone = await opensPage(server, said)
  const tablet = await opensPage(server, said)
  expect((await signsOut(server, { cookie: phone, ...said }, how)).status).toBe(200)
  expect((await asks(server, { cookie: tablet, ...said })).status).toBe(200)
  expect(await methodsLeft(server)).toEqual(['password', 'trusted-header'])
})

test('the header alone signs out everywhere too, and a password session only itself', async () => {
  await using server = await householdWith({ onConflict: 'refuse' })
  const anna = await server.addPerson(people.anna)
  const annas = { 'remote-email': people.anna.email }
  await opensPage(server, annas)
  expect((await signsOut(server, annas)).status).toBe(200)
  expect(await methodsLeft(server)).toEqual(['password', 'password', 'password'])
  const byPassword = await signsOut(server, { cookie: anna.cookie })
  expect(byPassword.body).toEqual({ successful: true, redirectUri: '/auth/login?autoLaunch=0' })
  expect(await methodsLeft(server)).toEqual(['password', 'password'])
})

const portal = 'https://auth.home.example/logout?rd={return}'

test('the login service leads back to the name that we know ourselves by', async () => {
  const file = fileWith({ signOutUrl: portal }, { server: { externalDomain: 'https://photos.home.example' } })
  await using server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await server.signUpAdmin()
  const call = (host: string) =>
    server.app.http.inject({
      method: 'POST',
      url: '/api/auth/logout',
      remoteAddress: peers.proxy,
      headers: { ...said, host },
    })
  const back = encodeURIComponent('https://photos.home.example/auth/signed-out')
  expect((await call('photos.home.example')).json()).toEqual({
    successful: true,
    redirectUri: `https://auth.home.example/logout?rd=${back}`,
  })
  expect((await call('evil.example')).json()).toMatchObject({ code: 'wrong_host' })
})

test('a path of this host may be where signing out goes on', async () => {
  await using server = await householdWith({
    preset: 'authentik',
    headers: { email: 'remote-email', id: '' },
  })
  expect((await signsOut(server, said)).body).toMatchObject({
    redirectUri: '/outpost.goauthentik.io/sign_out',
  })
})

const path = '/api/auth/backchannel-logout'
const issuer = 'https://auth.home.example'
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }

async function withBackChannel() {
  const signer = createSigner()
  const backChannelLogout = { jwksUrl: signer.keysFile, issuer, audience: 'porchlight' }
  const server = await householdWith({ headers: { id: 'remote-id' }, backChannelLogout })
  const order = (claims: Record<string, unknown>) =>
    signer.sign({ iss: issuer, aud: 'porchlight', jti: 'order-1', events, ...claims }, { typ: 'logout+jwt' })
  return { server, order }
}

/** As a login service sends it: from anywhere, as a form, without cookies. */
async function tells(server: TestServer, token: string, type = 'application/x-www-form-urlencoded') {
  const payload = `logout_token=${encodeURIComponent(token)}`
  const headers = { 'content-type': type }
  const { statusCode, headers: sent } = await server.app.http.inject({
    method: 'POST',
    url: path,
    remoteAddress: peers.intruder,
    headers,
    payload,
  })
  return { status: statusCode, headers: sent }
}

test.each<[string, Record<string, unknown>]>([
  ['by her id', { sub: '7' }],
  ['by her address', { sub: 'another-id', email: gran }],
])('the login service signs gran out of what the header let in, %s', async (_how, claims) => {
  const { server: opened, order } = await withBackChannel()
  await using server = opened
  const cookie = await opensPage(server, { ...said, 'remote-id': '7' })
  const answer = await tells(server, order(claims))
  expect(answer.status).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(await methodsLeft(server)).toEqual(['password'])
  expect((await asks(server, { cookie })).status).toBe(401)
  expect(await auditOf(server)).toContainEqual(
    expect.objectContaining({
      kind: 'sessions_revoked',
      email: gran,
      method: 'back-channel',
      peer: '127.0.0.66',
    }),
  )
})

test('an order to sign out counts once, and the second time nothing happens', async () => {
  const { server: opened, order } = await withBackChannel()
  await using server = opened
  const token = order({ sub: '7' })
  const answers = await Promise.all([tells(server, token), tells(server, token), tells(server, token)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400])
  await opensPage(server, { ...said, 'remote-id': '7' })
  expect((await tells(server, token)).status).toBe(400)
  expect(await methodsLeft(server)).toEqual(['password', 'trusted-header'])
})

test.each<[string, (order: (claims: Record<string, unknown>) => string) => string]>([
  ['of another issuer', (order) => order({ sub: '7', iss: 'https://evil.example' })],
  ['for another program', (order) => order({ sub: '7', aud: 'other' })],
  ['that is an ID token', (order) => order({ sub: '7', nonce: 'n' })],
  ['without the event', (order) => order({ sub: '7', events: {} })],
  [
    'that somebody changed',
    (order) =>
      order({ sub: '7' }).replace(
        /\.(.)([^.]*)$/,
        (_all, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
      ),
  ],
  [
    'that another key signed',
    () => createSigner().sign({ iss: issuer, aud: 'porchlight', jti: 'x', events, sub: '7' }),
  ],
  ['that is no token', () => 'token'],
  ['that is empty', () => ''],
])('an order %s is a 400 and ends nothing', async (_what, make) => {
  const { server: opened, order } = await withBackChannel()
  await using server = opened
  await opensPage(server, { ...said, 'remote-id': '7' })
  const answer = await tells(server, make(order))
  expect([answer.status, answer.headers['cache-control']]).toEqual([400, 'no-store'])
  expect(await methodsLeft(server)).toEqual(['password', 'trusted-header'])
  expect(await auditOf(server)).toContainEqual(expect.objectContaining({ kind: 'logout_token_refused' }))
})

test('without settings for it, nobody is signed out from behind; and no other route takes a form', async () => {
  await using server = await householdWith({})
  expect((await tells(server, 'token')).status).toBe(400)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const login = await server.app.http.inject({
    method: 'POST',
    url: '/api/auth/login',
    headers: form,
    payload: 'email=a',
  })
  expect(login.statusCode).toBe(415)
})
