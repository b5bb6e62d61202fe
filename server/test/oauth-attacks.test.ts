import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger } from '../src/platform/logger.ts'
import { asCookieHeader } from './http-call.ts'
import { createBrowser, oauthServer, setUpOauth } from './oauth-browser.ts'
import { changeSettings } from './settings-client.ts'
import { people } from './start-server.ts'

const gran = { sub: 'gran-7', email: 'gran@home.example', email_verified: true }
const mallory = { sub: 'mallory-6', email: 'mallory@home.example', email_verified: true }
const failed = { status: 500, body: { message: 'Failed to finish oauth' } }

test('login CSRF: a browser that did not begin the sign-in does not end it', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const mallorys = issuer.login(await createBrowser(server, issuer).leave(), mallory)
  const grans = createBrowser(server, issuer)
  expect(await grans.finish(mallorys)).toMatchObject({
    status: 400,
    body: { message: 'OAuth state is missing' },
  })
  // Also while she is about to sign in herself.
  await grans.begin()
  expect(await grans.finish(mallorys)).toMatchObject(failed)
  expect(grans.cookies()).toEqual({})
})

test.each(['/api/oauth/authorize', '/api/oauth/callback', '/api/oauth/link'])(
  'login CSRF: a page of another site does not call %s',
  async (path) => {
    const { issuer, server } = await setUpOauth()
    await using _ = server
    const browser = createBrowser(server, issuer)
    const url = issuer.login(await browser.leave(), mallory).href
    const headers = { cookie: asCookieHeader(browser.cookies()), 'sec-fetch-site': 'cross-site' }
    const body = { url, redirectUri: browser.page }
    expect((await server.call({ method: 'POST', path, headers, body })).status).toBe(403)
  },
)

test.each([{}, { withoutPkce: true }])(
  'a code that was made for another browser is good in none: issuer %j',
  async (manners) => {
    const { issuer, server } = await setUpOauth({}, manners)
    await using _ = server
    const theirs = issuer.login(await createBrowser(server, issuer).leave(), gran)
    const browser = createBrowser(server, issuer)
    const state = new URL(await browser.leave()).searchParams.get('state') ?? ''
    theirs.searchParams.set('state', state)
    expect(await browser.finish(theirs)).toMatchObject(failed)
  },
)

test('session fixation: whatever token a browser was given before, signing in makes a new one', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const planted = await server.addPerson(people.anna)
  const browser = createBrowser(server, issuer)
  browser.plant({ immich_access_token: planted.token })
  await browser.signIn(gran)
  expect(browser.cookies()['immich_access_token']).not.toBe(planted.token)
  expect((await browser.me()).body).toMatchObject({ email: gran.email })
})

test('code replay: a code counts once, even where the issuer takes it twice', async () => {
  const { issuer, server } = await setUpOauth({}, { acceptsCodesTwice: true })
  await using _ = server
  const browser = createBrowser(server, issuer)
  const back = issuer.login(await browser.leave(), gran)
  const kept = browser.cookies()
  expect((await browser.finish(back)).status).toBe(201)
  expect(await browser.finish(back)).toMatchObject({ status: 400 })
  browser.plant(kept)
  expect(await browser.finish(back)).toMatchObject(failed)
})

test('code theft: without the verifier of whoever began, or for another address, a code is worth nothing', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const browser = createBrowser(server, issuer)
  const back = issuer.login(await browser.leave(), gran)
  const state = back.searchParams.get('state') ?? ''
  const stolen = { url: back.href, state, codeVerifier: 'x'.repeat(43) }
  const attempt = (body: unknown) => server.call({ method: 'POST', path: '/api/oauth/callback', body })
  expect(await attempt(stolen)).toMatchObject(failed)

  const again = issuer.login(await browser.leave(), gran)
  again.pathname = '/user-settings'
  expect(await browser.finish(again)).toMatchObject(failed)
  const elsewhere = issuer.login(await browser.leave(), gran)
  elsewhere.host = 'evil.example'
  expect(await browser.finish(elsewhere)).toMatchObject({ status: 400 })
})

test('mix-up: an answer of another issuer, or of nobody, is refused', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const browser = createBrowser(server, issuer)
  const other = issuer.login(await browser.leave(), gran)
  other.searchParams.set('iss', 'https://evil.example')
  expect(await browser.finish(other)).toMatchObject(failed)
  const nobodys = issuer.login(await browser.leave(), gran)
  nobodys.searchParams.delete('iss')
  expect(await browser.finish(nobodys)).toMatchObject(failed)
})

test('an answer with another state than the browser’s is refused', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const browser = createBrowser(server, issuer)
  const back = issuer.login(await browser.leave(), gran)
  back.searchParams.set('state', 'another')
  expect(await browser.finish(back)).toMatchObject(failed)
})

const now = Math.floor(Date.now() / 1000)
test.each([
  ['signed by somebody else', { foreignKey: true }],
  ['of another issuer', { idToken: { iss: 'https://evil.example' } }],
  ['for another client', { idToken: { aud: 'else' } }],
  ['with another nonce', { idToken: { nonce: 'n' } }],
  ['without a nonce', { idToken: { nonce: undefined } }],
  ['that is long over', { idToken: { iat: now - 400, exp: now - 120 } }],
])('an ID token %s opens nothing', async (_title, manners) => {
  const { issuer, server } = await setUpOauth({}, manners)
  await using _ = server
  expect(await createBrowser(server, issuer).signIn(gran)).toMatchObject(failed)
  expect(await server.countEverything()).toMatchObject({ users: 1 })
})

test('clocks may differ by some seconds', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const seconds = Math.floor(Date.now() / 1000)
  issuer.manners.idToken = { iat: seconds - 330, exp: seconds - 30 }
  expect((await createBrowser(server, issuer).signIn(gran)).status).toBe(201)
})

test('where the issuer refuses, the person learns so and the admin why', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const browser = createBrowser(server, issuer)
  const state = new URL(await browser.leave()).searchParams.get('state')
  const back = new URL(`${browser.page}?error=access_denied&state=${state}&iss=${issuer.url}`)
  expect(await browser.finish(back)).toMatchObject(failed)
  await server.app.audit.flush()
  const { text } = await server.call({ path: '/api/admin/audit', headers: admin.headers })
  expect(text).toContain('issuer_refused')
})

test('an issuer that is down is said to be, within five seconds, and asked again next time', async () => {
  const { issuer, server, admin } = await setUpOauth({}, { silentOn: '/.well-known/openid-configuration' })
  await using _ = server
  const browser = createBrowser(server, issuer)
  const start = Date.now()
  const answer = await browser.begin()
  expect(Date.now() - start).toBeLessThan(6500)
  expect(answer).toMatchObject({
    status: 503,
    body: { message: 'The login service does not answer', code: 'issuer_unreachable' },
  })
  delete issuer.manners.silentOn
  expect((await browser.signIn(gran)).status).toBe(201)

  await changeSettings(server, admin.headers, { oauth: { timeout: 300 } })
  issuer.manners.silentOn = '/token'
  expect(await browser.signIn(gran)).toMatchObject({ status: 503, body: { code: 'issuer_unreachable' } })
})

test('no code, state, token or secret of a sign-in is in the log or in the list of what happened', async () => {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const { issuer, server, admin } = await oauthServer({ logger: createLogger('trace', destination) })
  await using _ = server
  const browser = createBrowser(server, issuer)
  const back = issuer.login(await browser.leave(), gran)
  const { immich_oauth_code_verifier: verifier = '' } = browser.cookies()
  await server.call({ path: back.pathname + back.search, headers: { accept: 'text/html' } })
  await server.call({ path: `/api/oauth/mobile-redirect${back.search}` })
  await browser.finish(back)
  await browser.begin()
  await browser.finish(back)
  issuer.manners.foreignKey = true
  await browser.signIn(gran)
  const bad = { method: 'POST', path: '/api/oauth/callback', body: { url: back.href, state: 7 } }
  await server.call(bad)
  await server.app.audit.flush()
  const events = await server.app.db.selectFrom('audit_events').selectAll().execute()
  const told = [...lines, JSON.stringify(events)].join('\n')
  expect(told).toContain('came to nothing')
  const { code = '', state = '' } = Object.fromEntries(back.searchParams)
  const { immich_access_token: token = '' } = browser.cookies()
  const { clientSecret } = (
    (await server.call({ path: '/api/system-config', headers: admin.headers })).body as {
      oauth: { clientSecret: string }
    }
  ).oauth
  for (const secret of [code, state, verifier, clientSecret, token || 'none', 'eyJ'])
    expect(told.includes(secret)).toBe(false)
})
