import { expect, test } from 'vitest'
import { createBrowser, setUpOauth } from './oauth-browser.ts'
import { changeSettings, endProbation, tryOutSettings } from './settings-client.ts'
import { people, startServer } from './start-server.ts'

const gran = { sub: 'gran-7', email: people.gran.email, email_verified: true }

test('an issuer on trial makes no admin, links nothing, and its sessions end with the trial', async () => {
  const { issuer, server, admin } = await setUpOauth({ enabled: false })
  await using _ = server
  await server.addPerson(people.gran)
  await tryOutSettings(server, admin.headers, { oauth: { enabled: true } })
  const browser = createBrowser(server, issuer)
  const asAdmin = await browser.signIn({ ...gran, immich_role: 'admin' })
  expect([asAdmin.status, (asAdmin.body as { isAdmin: boolean }).isAdmin]).toEqual([201, false])
  const stranger = createBrowser(server, issuer)
  await stranger.signIn({ sub: 'm', email: 'mallory@x.example', email_verified: true, immich_role: 'admin' })
  expect((await stranger.me()).body).toMatchObject({ isAdmin: false })
  await endProbation(server, admin.headers, 'undo')

  const rows = await server.app.db.selectFrom('users').select(['email', 'is_admin', 'oauth_id']).execute()
  expect(rows.filter((row) => row.is_admin === 1).map(({ email }) => email)).toEqual([people.admin.email])
  expect(rows.find((row) => row.email === people.gran.email)?.oauth_id).toBeNull()
  const { method, expires_at: end } = await server.app.db
    .selectFrom('sessions')
    .select(['method', 'expires_at'])
    .where('method', '=', 'oauth')
    .executeTakeFirstOrThrow()
  expect([method, Date.parse(end ?? '') - Date.now() < 61_000]).toEqual(['oauth', true])
})

test.each([0, '0', 'no', null, false])(
  'an address that is verified by %j opens nobody’s account',
  async (word) => {
    const { issuer, server } = await setUpOauth()
    await using _ = server
    const claims = { sub: 'mallory', email: people.admin.email, email_verified: word }
    expect((await createBrowser(server, issuer).signIn(claims)).status).toBe(400)
  },
)

test('an issuer that does not say whether it verified opens no account that was made in another way', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  await server.addPerson(people.gran)
  for (const { email } of [people.admin, people.gran])
    expect((await createBrowser(server, issuer).signIn({ sub: 'mallory', email })).status).toBe(400)
  const stranger = { sub: 'anna-1', email: people.anna.email }
  expect((await createBrowser(server, issuer).signIn(stranger)).status).toBe(201)
})

test('what a program writes as Origin or Host is no address to come back to, once the server knows its own', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  await changeSettings(server, admin.headers, { server: { externalDomain: 'https://photos.home.example' } })
  const authorize = (redirectUri: string, headers: Record<string, string>) =>
    server.call({ method: 'POST', path: '/api/oauth/authorize', headers, body: { redirectUri } })
  const forged = { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }
  expect((await authorize('https://evil.example/auth/login', forged)).status).toBe(400)
  expect((await authorize(`http://127.0.0.1:${server.port}/auth/login`, {})).status).toBe(400)
  expect((await authorize('https://photos.home.example/auth/login', {})).status).toBe(201)
  expect(issuer.url).toContain('http')
})

test('a key that ends does not make another one endless by its secret', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const make = async (body: object, headers: Record<string, string> = admin.headers) =>
    (await server.call({ method: 'POST', path: '/api/api-keys', headers, body })).body as {
      id: string
      secret: string
    }
  const endless = await make({ name: 'endless', permissions: ['all'] })
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const brief = await make({ name: 'brief', permissions: ['all'], expiresAt: tomorrow })
  const key = { 'x-api-key': brief.secret }
  const path = `/api/api-keys/${endless.id}`
  expect((await server.call({ method: 'POST', path: `${path}/rotate`, headers: key })).status).toBe(400)
  const narrower = { method: 'PUT', path, headers: key, body: { permissions: ['asset.read'] } }
  expect((await server.call(narrower)).status).toBe(400)
  const own = `/api/api-keys/${brief.id}/rotate`
  expect((await server.call({ method: 'POST', path: own, headers: key })).status).toBe(201)
})

test('who guesses at her own PIN shuts nobody else’s folder', { timeout: 120_000 }, async () => {
  let now = new Date()
  await using server = await startServer({ clock: { now: () => now } })
  await server.signUpAdmin()
  const [anna, other] = [await server.addPerson(people.anna), await server.addPerson(people.gran)]
  const pin = (person: typeof anna, pinCode: string) =>
    server.call({
      method: 'POST',
      path: '/api/auth/session/unlock',
      headers: person.headers,
      body: { pinCode },
    })
  for (const person of [anna, other])
    await server.call({
      method: 'POST',
      path: '/api/auth/pin-code',
      headers: person.headers,
      body: { pinCode: '123456' },
    })
  for (let round = 0; round < 16; round++) {
    for (let wrong = 0; wrong < 4; wrong++) await pin(anna, '000000')
    await pin(anna, '123456')
    now = new Date(now.getTime() + 1000)
  }
  expect((await pin(other, '123456')).status).toBe(204)
})
