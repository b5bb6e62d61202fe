import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createBrowser, setUpOauth } from './oauth-browser.ts'
import { changeSettings } from './settings-client.ts'
import { asCookieHeader } from './http-call.ts'
import { peers, people, startServer } from './start-server.ts'
import { startIssuer } from './test-issuer.ts'

const gran = { sub: 'gran-7', email: 'Gran@home.example', email_verified: true, name: 'Gran' }

test('somebody new signs in at the issuer, and has an account and a session', async () => {
  const { issuer, server } = await setUpOauth({ defaultStorageQuota: 2 })
  await using _ = server
  const browser = createBrowser(server, issuer)
  const claims = { ...gran, preferred_username: '../gran', picture: 'https://pictures.invalid/gran.jpg' }
  const answer = await browser.signIn(claims)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ userEmail: 'gran@home.example', name: 'Gran', isAdmin: false })
  expect(Object.keys(answer.cookies)).toEqual([
    'immich_oauth_state',
    'immich_oauth_code_verifier',
    'immich_access_token',
    'immich_auth_type',
    'immich_is_authenticated',
  ])
  expect(browser.cookies()).toMatchObject({ immich_auth_type: 'oauth', immich_is_authenticated: 'true' })
  expect((await browser.me()).body).toMatchObject({
    oauthId: 'gran-7',
    storageLabel: 'gran',
    quotaSizeInBytes: 2 * 1024 ** 3,
  })
})

test('while it is off nothing answers, and a phone is sent on to its app only', async () => {
  await using server = await startServer()
  const { call } = server
  const off = { message: 'OAuth is not enabled' }
  const begin = { redirectUri: 'app.immich:///oauth-callback' }
  expect((await call({ method: 'POST', path: '/api/oauth/authorize', body: begin })).body).toEqual(off)
  const back = { url: 'app.immich:///oauth-callback?code=1&state=2' }
  expect((await call({ method: 'POST', path: '/api/oauth/callback', body: back })).body).toEqual(off)
  for (const path of ['/api/oauth/mobile-redirect', '/oauth/mobile-redirect']) {
    const answer = await call({ path: `${path}?code=c%2F1&state=s` })
    expect([answer.status, answer.headers.location]).toEqual([
      307,
      'app.immich:///oauth-callback?code=c%2F1&state=s',
    ])
  }
})

test('a second sign-in opens the same account, also under another address', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const first = await createBrowser(server, issuer).signIn(gran)
  const again = await createBrowser(server, issuer).signIn({ ...gran, email: 'nana@home.example' })
  expect(again.body).toMatchObject({ userId: (first.body as { userId: string }).userId })
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})

test('an account that was there is linked by its address, unless nobody has verified it', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const { id } = await server.addPerson(people.gran)
  for (const email_verified of [false, 'false']) {
    const refused = await createBrowser(server, issuer).signIn({ ...gran, email_verified })
    expect([refused.status, refused.body]).toEqual([
      400,
      { message: 'The login service has not verified this e-mail address' },
    ])
  }
  await changeSettings(server, admin.headers, { trustedHeader: { linkExisting: 'never' } })
  expect((await createBrowser(server, issuer).signIn(gran)).body).toEqual({
    message: 'OAuth authentication failed',
  })
  await changeSettings(server, admin.headers, { trustedHeader: { linkExisting: 'email' } })
  expect((await createBrowser(server, issuer).signIn(gran)).body).toMatchObject({ userId: id })
  const other = await createBrowser(server, issuer).signIn({ ...gran, sub: 'somebody-else' })
  expect([other.status, other.body]).toEqual([400, { message: 'OAuth authentication failed' }])
})

test('strangers stay out where accounts are not made by themselves', async () => {
  const { issuer, server } = await setUpOauth({ autoRegister: false })
  await using _ = server
  expect((await createBrowser(server, issuer).signIn(gran)).body).toEqual({
    message: 'OAuth authentication failed',
  })
  expect(await server.countEverything()).toMatchObject({ users: 1 })
})

test('without an address nobody gets an account', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const answer = await createBrowser(server, issuer).signIn({ sub: '7' })
  expect(answer.body).toEqual({ message: 'OAuth profile does not have an email address' })
})

test('the role follows the issuer at each sign-in, but somebody stays an admin', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const roleOf = async (claims: Record<string, unknown>) =>
    ((await createBrowser(server, issuer).signIn(claims)).body as { isAdmin: boolean }).isAdmin
  expect(await roleOf({ ...gran, immich_role: ['member', 'admin'] })).toBe(true)
  expect(await roleOf(gran)).toBe(true)
  expect(await roleOf({ ...gran, immich_role: 'user' })).toBe(false)
  const { email } = people.admin
  expect(await roleOf({ sub: 'a', email, email_verified: true, immich_role: 'user' })).toBe(true)
  expect((await server.call({ path: '/api/users/me', headers: admin.headers })).body).toMatchObject({
    isAdmin: true,
  })
})

test('quota and label come with the account, and two may want the same label', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const claims = { email_verified: true, preferred_username: 'family', immich_quota: 0.5 }
  await createBrowser(server, issuer).signIn({ ...claims, sub: '1', email: 'a@home.example' })
  await createBrowser(server, issuer).signIn({
    ...claims,
    sub: '2',
    email: 'b@home.example',
    immich_quota: 9,
  })
  await createBrowser(server, issuer).signIn({ ...claims, sub: '2', email: 'b@home.example' })
  const { body } = await server.call({ path: '/api/admin/users', headers: admin.headers })
  expect(body).toMatchObject([
    {},
    { storageLabel: 'family', quotaSizeInBytes: 512 * 1024 ** 2 },
    { storageLabel: null, quotaSizeInBytes: 9 * 1024 ** 3 },
  ])
})

test('whoever is signed in links the account and unlinks it; another’s link is not taken', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const granInside = await server.addPerson(people.gran)
  const anna = await server.addPerson(people.anna)
  const link = async (cookie: string, claims: Record<string, unknown>) => {
    const browser = createBrowser(server, issuer)
    const back = issuer.login(await browser.leave(), claims)
    const own = Object.entries(browser.cookies()).map(([name, value]) => `${name}=${value}`)
    const headers = { cookie: [cookie, ...own].join('; ') }
    return server.call({ method: 'POST', path: '/api/oauth/link', headers, body: { url: back.href } })
  }
  const odd = { sub: 'g', email: 'other@login.example', email_verified: false }
  expect(await link(granInside.cookie, odd)).toMatchObject({ status: 200, body: { oauthId: 'g' } })
  expect(await link(anna.cookie, odd)).toMatchObject({
    status: 400,
    body: { message: 'This OAuth account has already been linked to another user.' },
  })
  expect(await createBrowser(server, issuer).signIn(odd)).toMatchObject({ body: { userId: granInside.id } })

  const unlink = { method: 'POST', path: '/api/oauth/unlink', headers: granInside.headers }
  expect(await server.call(unlink)).toMatchObject({ status: 200, body: { oauthId: '' } })
  expect((await createBrowser(server, issuer).signIn(odd)).status).toBe(400)
})

test('an app on a phone brings its own state and verifier, and comes back by its own scheme', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const { call } = server
  const codeVerifier = 'v'.repeat(43)

  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const asked = { redirectUri: 'app.immich:///oauth-callback', state: 'of the app', codeChallenge }
  const begun = await call({ method: 'POST', path: '/api/oauth/authorize', body: asked })
  expect(begun.cookies).toEqual({})
  const { url } = begun.body as { url: string }
  const back = issuer.login(url, gran).href
  expect(back).toMatch(/^app\.immich:\/\/\/oauth-callback\?/)
  const body = { url: back, state: 'of the app', codeVerifier }
  const answer = await call({ method: 'POST', path: '/api/oauth/callback', body })
  expect(answer.status).toBe(201)
  const { accessToken } = answer.body as { accessToken: string }
  const headers = { 'x-immich-user-token': accessToken }
  expect((await call({ path: '/api/users/me', headers })).status).toBe(200)
})

test('where an issuer refuses the scheme of the app, phones come back by a page', async () => {
  const mobileRedirectUri = 'https://photos.example.com/api/oauth/mobile-redirect'
  const { issuer, server } = await setUpOauth({ mobileOverrideEnabled: true, mobileRedirectUri })
  await using _ = server
  const { call } = server
  const browser = createBrowser(server, issuer)
  const { url } = (await browser.begin('app.immich:///oauth-callback')).body as { url: string }
  expect(new URL(url).searchParams.get('redirect_uri')).toBe(mobileRedirectUri)
  const sentOn = await call({ path: `/api/oauth/mobile-redirect${issuer.login(url, gran).search}` })
  expect((await browser.finish(sentOn.headers.location ?? '')).status).toBe(201)
})

test('signing out goes on at the issuer, with the ID token, and comes back to our page', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const signOut = async () => {
    const browser = createBrowser(server, issuer)
    await browser.signIn(gran)
    return ((await browser.post('/api/auth/logout', {})).body as { redirectUri: string }).redirectUri
  }
  const url = new URL(await signOut())
  expect(url.origin + url.pathname).toBe(`${issuer.url}/end`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    id_token_hint: expect.stringMatching(/^eyJ/) as string,
    client_id: 'porchlight',
    post_logout_redirect_uri: `http://127.0.0.1:${server.port}/auth/signed-out`,
  })
  await changeSettings(server, admin.headers, {
    oauth: { endSessionEndpoint: 'https://auth.home.example/logout?client_id=mine' },
  })
  expect(await signOut()).toMatch(/^https:\/\/auth\.home\.example\/logout\?client_id=mine&id_token_hint=/)
})

test('the issuer signs gran out of one browser, or of all', async () => {
  const { issuer, server } = await setUpOauth()
  await using _ = server
  const [desk, sofa, anna] = [1, 2, 3].map(() => createBrowser(server, issuer))
  await desk?.signIn({ ...gran, sid: 'desk' })
  await sofa?.signIn({ ...gran, sid: 'sofa' })
  await anna?.signIn({ sub: 'anna-1', email: 'anna@home.example', sid: 'anna' })
  const inside = async () => [desk, sofa, anna].map(async (one) => (await one?.me())?.status)
  const order = (claims: Record<string, unknown>) => {
    const body = { logout_token: issuer.logoutToken(claims) }
    return server.call({ method: 'POST', path: '/api/oauth/backchannel-logout', body })
  }
  expect(await order({ sub: 'gran-7', sid: 'desk' })).toMatchObject({ status: 200, body: {} })
  expect(await Promise.all(await inside())).toEqual([401, 200, 200])
  expect(await order({ sub: 'gran-7' })).toMatchObject({ status: 200 })
  expect(await Promise.all(await inside())).toEqual([401, 401, 200])

  const bad = { message: 'Error backchannel logout: token validation failed' }
  expect((await order({ sub: 'anna-1', aud: 'else' })).body).toEqual(bad)
  const once = {
    method: 'POST',
    path: '/api/oauth/backchannel-logout',
    body: { logout_token: issuer.logoutToken({ sub: 'x' }) },
  }
  expect([(await server.call(once)).status, (await server.call(once)).body]).toEqual([200, bad])
  expect((await anna?.me())?.status).toBe(200)
})

test('the header neither keeps nor ends a session of the issuer, and another person’s replaces it', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const anna = await server.addPerson(people.anna)
  const networks = [`${peers.proxy}/32`]
  await changeSettings(server, admin.headers, { trustedHeader: { enabled: true, networks } })
  const browser = createBrowser(server, issuer)
  await browser.signIn(gran)
  const me = (email?: string) => {
    const cookie = asCookieHeader(browser.cookies())
    return server.call({
      path: '/api/users/me',
      headers: { cookie, ...(email && { 'remote-email': email }) },
    })
  }
  expect([(await me()).status, (await me('gran@home.example')).status]).toEqual([200, 200])
  const changed = await me(people.anna.email)
  expect(changed).toMatchObject({ status: 401, body: { code: 'identity_changed' } })
  const cookie = asCookieHeader(changed.cookies)
  const asAnna = { cookie, 'remote-email': people.anna.email }
  expect((await server.call({ path: '/api/users/me', headers: asAnna })).body).toMatchObject({ id: anna.id })
  // Hers is only put aside.
  expect((await me()).body).toMatchObject({ email: 'gran@home.example' })
  await changeSettings(server, admin.headers, { trustedHeader: { onConflict: 'refuse' } })
  expect(await me(people.anna.email)).toMatchObject({ status: 401, body: { code: 'identity_conflict' } })
})

test('the admin unlinks everybody, for another issuer', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const { userId } = (await createBrowser(server, issuer).signIn(gran)).body as { userId: string }
  const unlink = { method: 'POST', path: '/api/admin/auth/unlink-all', headers: admin.headers }
  expect((await server.call(unlink)).status).toBe(204)
  const renamed = { ...gran, sub: 'another-subject' }
  expect((await createBrowser(server, issuer).signIn(renamed)).body).toMatchObject({ userId })
})

test('an issuer that took the place of another brings no strangers in by their number', async () => {
  const { issuer, server, admin } = await setUpOauth()
  await using _ = server
  const first = await createBrowser(server, issuer).signIn({ ...gran, sub: '1' })
  const other = await startIssuer()
  await changeSettings(server, admin.headers, { oauth: { issuerUrl: other.url } })
  const anna = { sub: '1', email: 'anna@home.example', email_verified: true }
  const annas = await createBrowser(server, other).signIn(anna)
  const { userId } = first.body as { userId: string }
  expect(annas.status).toBe(201)
  expect((annas.body as { userId: string }).userId).not.toBe(userId)
  expect((await createBrowser(server, other).signIn({ ...gran, sub: '2' })).body).toMatchObject({ userId })
})
