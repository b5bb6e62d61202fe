import { expect, test } from 'vitest'
import { asCookieHeader } from './http-call.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'

const trusted = { PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' }
const gran = people.gran.email
const me = '/api/users/me'
const document = { accept: 'text/html', 'sec-fetch-dest': 'document' }

async function household(environment: Record<string, string> = trusted): Promise<TestServer> {
  const server = await startServer({ environment })
  await server.signUpAdmin()
  return server
}

/** A browser behind the proxy opens a page and keeps the cookies. */
async function opensPage(server: TestServer, email: string, cookie = ''): Promise<Record<string, string>> {
  const headers = { ...document, 'remote-email': email, ...(cookie ? { cookie } : {}) }
  return (await server.call({ path: '/photos', headers })).cookies
}

test('gran is signed in for one request by the header alone, and gets an account that is no admin', async () => {
  await using server = await household()
  const answer = await server.call({ path: me, headers: { 'Remote-Email': 'Gran@Home.example' } })
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ email: gran, isAdmin: false, name: 'gran' })
  expect(answer.cookies).toEqual({})
  expect(await server.countEverything()).toEqual({ users: 2, sessions: 1 })
})

test('twenty first requests at once make one account', async () => {
  await using server = await household()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.call({ path: me, headers: { 'remote-email': gran } })),
  )
  expect(new Set(answers.map((answer) => (answer.body as { id: string }).id)).size).toBe(1)
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})

test('on an empty install the header makes nobody an admin, and no account at all', async () => {
  await using server = await startServer({ environment: trusted })
  const answer = await server.call({ path: me, headers: { 'remote-email': gran } })
  expect([answer.status, answer.body]).toEqual([
    401,
    { message: 'Authentication required', code: 'no_admin_yet' },
  ])
  expect(await server.countEverything()).toEqual({ users: 0, sessions: 0 })
})

const spoof = ['remote-email', people.admin.email]
test.each<[string, Record<string, string>, string, string[]]>([
  ['an intruder past the proxy sends the header', trusted, peers.intruder, spoof],
  [
    'an intruder also forges X-Forwarded-For',
    trusted,
    peers.intruder,
    [...spoof, 'x-forwarded-for', peers.proxy],
  ],
  [
    'an intruder also forges Forwarded',
    trusted,
    peers.intruder,
    [...spoof, 'forwarded', `for=${peers.proxy}`],
  ],
  ['an intruder also forges X-Real-IP', trusted, peers.intruder, [...spoof, 'x-real-ip', peers.proxy]],
  ['the feature is off, which is the default', {}, peers.proxy, spoof],
  ['the variable is empty', { PORCHLIGHT_TRUSTED_NETWORKS: '' }, peers.proxy, spoof],
  [
    'the switch is off though networks are named',
    { ...trusted, PORCHLIGHT_TRUSTED_HEADER: 'false' },
    peers.proxy,
    spoof,
  ],
  ['the header comes twice', trusted, peers.proxy, [...spoof, 'Remote-Email', gran]],
  [
    'the header comes twice with the same value',
    trusted,
    peers.proxy,
    [...spoof, 'Remote-Email', people.admin.email],
  ],
  ['two addresses are joined', trusted, peers.proxy, ['remote-email', `${gran}, ${people.admin.email}`]],
  ['an alias comes alone', trusted, peers.proxy, ['remote_email', people.admin.email]],
  ['an alias comes beside the header', trusted, peers.proxy, [...spoof, 'Remote.Email', gran]],
  ['the header is empty', trusted, peers.proxy, ['remote-email', '']],
  [
    'the proxy left a placeholder',
    trusted,
    peers.proxy,
    ['remote-email', '{http.reverse_proxy.header.Remote-Email}'],
  ],
  ['the proxy says (null)', trusted, peers.proxy, ['remote-email', '(null)']],
  ['another header is sent', trusted, peers.proxy, ['remote-user', people.admin.email]],
])('nobody gets in and nothing is made when %s', async (_title, environment, from, headers) => {
  await using server = await household(environment)
  const before = await server.countEverything()
  const calls = [
    { path: me },
    { path: '/api/admin/users' },
    { path: '/api/server/about' },
    { method: 'POST', path: '/api/auth/trusted-header' },
    { method: 'POST', path: '/api/api-keys', body: { permissions: ['all'] } },
  ]
  for (const call of calls) {
    const answer = await server.call({ ...call, from, headers: [...headers] })
    expect([call.path, answer.status]).toEqual([call.path, 401])
    expect(answer.body).toMatchObject({ message: 'Authentication required' })
    expect(answer.cookies).toEqual({})
  }
  const page = await server.call({ path: '/photos', from, headers: ['accept', 'text/html', ...headers] })
  expect(page.cookies).toEqual({})
  expect(await server.countEverything()).toEqual(before)
})

test('an intruder learns nothing of what was wrong; a proxy gets the reason code', async () => {
  await using server = await household()
  const doubled = ['remote-email', gran, 'remote-email', gran]
  const outside = await server.call({ path: me, from: peers.intruder, headers: [...doubled] })
  expect(outside.body).toEqual({ message: 'Authentication required' })
  const inside = await server.call({ path: me, headers: [...doubled] })
  expect(inside.body).toEqual({ message: 'Authentication required', code: 'header_repeated' })
})

test('opening a page behind the proxy signs gran in with the three cookies', async () => {
  await using server = await household()
  const answer = await server.call({
    path: '/photos/some-photo',
    headers: { ...document, 'remote-email': gran },
  })
  expect(Object.keys(answer.cookies)).toEqual([
    'immich_access_token',
    'immich_auth_type',
    'immich_is_authenticated',
  ])
  const lines = answer.headers['set-cookie'] ?? []
  expect(lines.map((line) => /HttpOnly/.test(line))).toEqual([true, true, false])
  for (const line of lines) expect(line).toMatch(/Path=\/.*SameSite=Lax/)
  const cookie = asCookieHeader(answer.cookies)
  const again = await server.call({ path: me, headers: { cookie, 'remote-email': gran } })
  expect(again.body).toMatchObject({ email: gran })
})

test.each(['/auth/signed-out', '/share/abc', '/s/holiday', '/photos?autoLaunch=0'])(
  'opening %s signs nobody in',
  async (path) => {
    await using server = await household()
    expect((await server.call({ path, headers: { ...document, 'remote-email': gran } })).cookies).toEqual({})
    expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
  },
)

// Proxies ask nobody who is there on these paths, so a link on a foreign page would sign gran out.
test.each(['/_app/x', '/.well-known/x', '/share/x', '/s/x'])('opening %s signs nobody out', async (path) => {
  await using server = await household()
  const cookie = asCookieHeader(await opensPage(server, gran))
  const sessions = (await server.countEverything()).sessions
  const answer = await server.call({ path, headers: { ...document, 'sec-fetch-site': 'cross-site', cookie } })
  expect([answer.cookies, (await server.countEverything()).sessions]).toEqual([{}, sessions])
})

test('a page in a frame signs nobody in', async () => {
  await using server = await household()
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'iframe', 'remote-email': gran }
  expect((await server.call({ path: '/photos', headers })).cookies).toEqual({})
})

test('an open page signs gran in by POST, once the proxy vouches for her', async () => {
  await using server = await household()
  const answer = await server.call({
    method: 'POST',
    path: '/api/auth/trusted-header',
    headers: { 'remote-email': gran, 'sec-fetch-site': 'same-origin' },
  })
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ userEmail: gran, isAdmin: false })
  expect(answer.cookies.immich_auth_type).toBe('trusted-header')
})

test('when anna sits down, gran’s session ends and the call of gran’s tab does nothing for anna', async () => {
  await using server = await household()
  const cookie = asCookieHeader(await opensPage(server, gran))
  const call = { method: 'POST', path: '/api/api-keys', body: { permissions: ['all'] } }
  const answer = await server.call({ ...call, headers: { cookie, 'remote-email': people.anna.email } })

  expect([answer.status, answer.body]).toMatchObject([401, { code: 'identity_changed' }])
  expect(await server.app.db.selectFrom('api_keys').select('id').execute()).toEqual([])
  const next = await server.call({
    path: me,
    headers: { cookie: asCookieHeader(answer.cookies), 'remote-email': people.anna.email },
  })
  expect(next.body).toMatchObject({ email: people.anna.email })
  const old = await server.call({ path: me, headers: { cookie } })
  expect([old.status, old.body]).toEqual([401, { message: 'Invalid user token' }])
})

test('when anna opens a page in gran’s browser, the page is anna’s', async () => {
  await using server = await household()
  const grans = asCookieHeader(await opensPage(server, gran))
  const annas = asCookieHeader(await opensPage(server, people.anna.email, grans))
  const answer = await server.call({
    path: me,
    headers: { cookie: annas, 'remote-email': people.anna.email },
  })
  expect(answer.body).toMatchObject({ email: people.anna.email })
})

test('when the proxy no longer names gran, her session is over, also when it names her again', async () => {
  await using server = await household()
  const cookie = asCookieHeader(await opensPage(server, gran))
  const answer = await server.call({ path: me, headers: { cookie } })
  expect([answer.status, answer.body]).toMatchObject([401, { code: 'signed_out_at_proxy' }])
  expect(answer.cookies.immich_access_token).toBe('')
  expect(await server.countEverything()).toMatchObject({ sessions: 1 })
})

test('gran’s cookie opens nothing past the proxy, and her session lives on', async () => {
  await using server = await household()
  const cookie = asCookieHeader(await opensPage(server, gran))
  const headers = { cookie, 'remote-email': gran }
  const outside = await server.call({ path: me, from: peers.intruder, headers })
  expect([outside.status, outside.body]).toEqual([401, { message: 'Authentication required' }])
  const token = /immich_access_token=([^;]+)/.exec(cookie)?.[1] ?? ''
  const bearer = await server.call({
    path: me,
    from: peers.intruder,
    headers: { authorization: `Bearer ${token}` },
  })
  expect([bearer.status, bearer.body]).toEqual([401, { message: 'Invalid user token' }])
  expect((await server.call({ path: me, headers })).status).toBe(200)
})

test('a stale cookie does not stand between gran and her photos', async () => {
  await using server = await household()
  const cookie = 'immich_access_token=long-gone; immich_is_authenticated=true'
  const call = await server.call({ path: me, headers: { cookie, 'remote-email': gran } })
  expect([call.status, call.cookies.immich_access_token]).toEqual([200, ''])
  const fresh = await opensPage(server, gran, cookie)
  expect(fresh.immich_access_token).toMatch(/^[A-Za-z0-9]{30,43}$/)
  const without = await server.call({ path: me, headers: { cookie } })
  expect([without.status, without.body]).toEqual([401, { message: 'Invalid user token' }])
  expect(without.cookies.immich_is_authenticated).toBe('')
})

test('a password session gives way to another person’s header and lives on elsewhere', async () => {
  await using server = await household()
  const anna = await server.addPerson(people.anna)
  const answer = await server.call({ path: me, headers: { cookie: anna.cookie, 'remote-email': gran } })
  expect([answer.status, answer.body]).toMatchObject([401, { code: 'identity_changed' }])
  expect((await server.call({ path: me, headers: { cookie: anna.cookie } })).body).toMatchObject({
    id: anna.id,
  })
})

test('an explicit credential decides: a good key beats the header and a stale cookie, a bad one is a 401', async () => {
  await using server = await household()
  const anna = await server.addPerson(people.anna)
  const made = await server.call({
    method: 'POST',
    path: '/api/api-keys',
    headers: anna.headers,
    body: { permissions: ['user.read'] },
  })
  const { secret } = made.body as { secret: string }
  const others = { 'remote-email': gran, cookie: 'immich_access_token=stale' }
  const good = await server.call({ path: me, headers: { ...others, 'x-api-key': secret } })
  expect(good.body).toMatchObject({ id: anna.id })
  expect(good.cookies).toEqual({})
  const bad = await server.call({ path: me, headers: { ...others, 'x-api-key': 'no-such-key' } })
  expect([bad.status, bad.body]).toEqual([401, { message: 'Invalid API key' }])
  const link = await server.call({ path: `${me}?key=abc`, headers: others })
  expect([link.status, link.body]).toEqual([401, { message: 'Invalid share key' }])
})

test.each([
  ['by the header alone', async () => ''],
  ['by a session', async (server: TestServer) => asCookieHeader(await opensPage(server, gran))],
])('another site can change nothing for gran, signed in %s', async (_title, cookieOf) => {
  await using server = await household()
  const cookie = await cookieOf(server)
  const before = await server.countEverything()
  for (const proof of [
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]) {
    for (const path of ['/api/api-keys', '/api/auth/logout', '/api/auth/trusted-header']) {
      const headers = { 'remote-email': gran, ...(cookie ? { cookie } : {}), ...proof }
      const answer = await server.call({ method: 'POST', path, headers, body: { permissions: ['all'] } })
      expect([path, answer.status, answer.body]).toMatchObject([path, 403, { code: 'cross_origin' }])
    }
  }
  expect(await server.countEverything()).toEqual(before)
})

test('a deleted account stays deleted whatever the header says', async () => {
  await using server = await household()
  const anna = await server.addPerson(people.anna)
  const admin = await server.call({
    method: 'DELETE',
    path: `/api/admin/users/${anna.id}`,
    headers: { 'remote-email': people.admin.email },
    body: {},
  })
  expect(admin.status).toBe(200)
  const answer = await server.call({ path: me, headers: { 'remote-email': people.anna.email } })
  expect([answer.status, answer.body]).toMatchObject([401, { code: 'account_deleted' }])
  expect((await server.call({ path: me, headers: anna.headers })).status).toBe(401)
})

test('a member cannot take the address of somebody the proxy has yet to vouch for', async () => {
  await using server = await household()
  const anna = await server.addPerson(people.anna)
  const answer = await server.call({ method: 'PUT', path: me, headers: anna.headers, body: { email: gran } })
  expect([answer.status, answer.body]).toMatchObject([403, { code: 'email_is_managed' }])
})

test('signing out ends the session and says where the login service signs out', async () => {
  await using server = await household()
  const admin = { 'remote-email': people.admin.email }
  const config = (await server.call({ path: '/api/system-config', headers: admin })).body as {
    trustedHeader: Record<string, unknown>
  }
  const signOutUrl = 'https://auth.home.example/logout?rd={return}'
  const saved = await server.call({
    method: 'PUT',
    path: '/api/system-config',
    headers: admin,
    body: { ...config, trustedHeader: { ...config.trustedHeader, signOutUrl } },
  })
  expect(saved.text).toContain(signOutUrl)

  const cookie = asCookieHeader(await opensPage(server, gran))
  const headers = { cookie, 'remote-email': gran, 'x-forwarded-proto': 'https' }
  const answer = await server.call({ method: 'POST', path: '/api/auth/logout', headers })
  const back = encodeURIComponent(`https://127.0.0.1:${server.port}/auth/signed-out`)
  expect(answer.body).toEqual({
    successful: true,
    redirectUri: `https://auth.home.example/logout?rd=${back}`,
  })
  expect(answer.headers['clear-site-data']).toBe('"cache", "storage"')
  expect(Object.values(answer.cookies)).toEqual(['', '', ''])
  expect(await server.countEverything()).toMatchObject({ sessions: 1 })
})

test('the cookies are Secure only when the proxy, not a stranger, says https', async () => {
  await using server = await household()
  const login = (from: string) =>
    server.call({
      method: 'POST',
      path: '/api/auth/login',
      from,
      headers: { 'x-forwarded-proto': 'https' },
      body: people.admin,
    })
  expect((await login(peers.proxy)).headers['set-cookie']?.every((line) => /Secure/.test(line))).toBe(true)
  expect((await login(peers.intruder)).headers['set-cookie']?.some((line) => /Secure/.test(line))).toBe(false)
})

test('public routes look at nobody and set no cookie', async () => {
  await using server = await household()
  for (const path of [
    '/api/server/ping',
    '/api/server/config',
    '/api/server/features',
    '/.well-known/immich',
  ]) {
    const answer = await server.call({ path, headers: { 'remote-email': gran } })
    expect([path, answer.status, answer.cookies]).toEqual([path, 200, {}])
  }
  await server.call({ method: 'OPTIONS', path: me, headers: { 'remote-email': gran } })
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
})
