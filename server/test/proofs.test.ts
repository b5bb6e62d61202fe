import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSigner } from './signed-tokens.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { asks, auditOf, fileWith, householdWith, opensPage, outcome } from './vouching.ts'

const gran = people.gran.email
const said = { 'remote-email': gran }
const secret = 'a lamp over the porch, burning all night'.replaceAll(/[ ,]+/g, '-')
const nextSecret = 'the-key-is-under-the-third-flower-pot'

/** What an outsider past the proxy gets to see: never a reason. */
const nobody = { status: 401, message: 'Authentication required' }
const from = (server: TestServer, peer: string, headers: Record<string, string>) =>
  server.call({ path: '/api/users/me', from: peer, headers })

test('the shared secret alone proves the proxy, wherever it calls from; without it nobody is believed', async () => {
  await using server = await householdWith({ networks: [], secret: { values: [secret, nextSecret] } })
  for (const peer of [peers.proxy, peers.intruder]) {
    for (const value of [secret, nextSecret])
      expect((await from(server, peer, { ...said, 'porchlight-secret': value })).status).toBe(200)
    for (const value of ['', 'wrong', `${secret}x`, secret.toUpperCase(), `${secret}, ${secret}x`])
      expect(outcome(await from(server, peer, { ...said, 'porchlight-secret': value }))).toEqual(nobody)
    expect(outcome(await from(server, peer, said))).toEqual(nobody)
  }
  const doubled = ['remote-email', gran, 'porchlight-secret', secret, 'Porchlight-Secret', 'other']
  expect(outcome(await server.call({ path: '/api/users/me', headers: doubled }))).toEqual(nobody)
  const told = (await auditOf(server)).filter(({ code }) => code === 'bad_secret')
  expect(told[0]).toMatchObject({ kind: 'spoof_refused' })
})

test('network and secret must both hold; one without the other cannot end gran’s session', async () => {
  await using server = await householdWith({ secret: { values: [secret] } })
  const proven = { ...said, 'porchlight-secret': secret }
  expect(outcome(await from(server, peers.intruder, proven))).toEqual(nobody)
  expect(outcome(await from(server, peers.proxy, said))).toEqual(nobody)
  const cookie = await opensPage(server, proven)
  for (const headers of [{ cookie }, { cookie, ...said }, { cookie, 'porchlight-secret': 'wrong' }])
    expect(outcome(await from(server, peers.proxy, headers))).toEqual(nobody)
  expect((await from(server, peers.proxy, { ...proven, cookie })).status).toBe(200)
  const out = await from(server, peers.proxy, { cookie, 'porchlight-secret': secret })
  expect(outcome(out)).toMatchObject({ code: 'signed_out_at_proxy' })
})

test('the secret comes from a file, is shown only as its digest, and may not be short', async () => {
  const file = fileWith({})
  writeFileSync(`${file}.secret`, `\n${secret}\n${nextSecret}\n`)
  await using server = await startServer({
    environment: { PORCHLIGHT_CONFIG_FILE: file, PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: `${file}.secret` },
  })
  const admin = await server.signUpAdmin()
  expect((await asks(server, { ...said, 'porchlight-secret': nextSecret })).status).toBe(200)
  const shown = await server.call({ path: '/api/system-config', headers: admin.headers })
  expect(shown.text).not.toContain(secret)
  expect((shown.body as { trustedHeader: { secret: object } }).trustedHeader.secret).toEqual({
    header: 'porchlight-secret',
    values: [expect.stringMatching(/^sha256:[\da-f]{64}$/), expect.stringMatching(/^sha256:[\da-f]{64}$/)],
  })
})

const loginService = () => {
  const signer = createSigner()
  const assertion = {
    header: 'x-jwt',
    jwksUrl: signer.keysFile,
    issuer: 'https://auth.home.example',
    audience: 'porchlight other',
    algorithms: ['ES256'],
    claims: { id: 'sub' },
  }
  const token = (claims: Record<string, unknown> = {}) =>
    signer.sign({
      iss: assertion.issuer,
      aud: 'porchlight',
      email: gran,
      sub: '7',
      name: 'Zoë',
      groups: ['family'],
      ...claims,
    })
  return { assertion, token, signer }
}

test('a signed assertion alone proves who is there, and plain headers are not read', async () => {
  const { assertion, token } = loginService()
  await using server = await householdWith({
    networks: [],
    assertion,
    memberGroup: 'family',
    headers: { groups: '' },
  })
  const answer = await from(server, peers.intruder, { 'x-jwt': token(), 'remote-email': people.admin.email })
  expect(outcome(answer)).toMatchObject({ status: 200, email: gran, name: 'Zoë' })
  expect(outcome(await from(server, peers.proxy, said))).toMatchObject({ status: 401 })
  const stranger = token({ groups: ['cats'], sub: '8', email: people.anna.email })
  expect(outcome(await asks(server, { 'x-jwt': stranger }))).toMatchObject({ code: 'not_a_member' })
  expect(await server.countEverything()).toMatchObject({ users: 2 })
})

test.each<[string, string, (service: ReturnType<typeof loginService>) => string]>([
  ['of another issuer', 'bad_assertion', ({ token }) => token({ iss: 'https://evil.example' })],
  ['for another program', 'bad_assertion', ({ token }) => token({ aud: 'somebody' })],
  ['that another key signed', 'bad_assertion', () => loginService().token()],
  ['that has expired', 'assertion_expired', ({ token }) => token({ exp: 1 })],
  ['without an address', 'no_identity', ({ token }) => token({ email: undefined })],
  ['without an id', 'no_id', ({ token }) => token({ sub: undefined })],
  ['that is no token', 'bad_assertion', () => 'token'],
])(
  'an assertion %s names nobody, and ends a session only where the network vouches for the proxy',
  async (_what, code, make) => {
    const service = loginService()
    await using server = await householdWith({ assertion: service.assertion })
    const good = { 'x-jwt': service.token() }
    const cookie = await opensPage(server, good)
    const bad = { 'x-jwt': make(service) }
    expect(outcome(await asks(server, bad))).toMatchObject({
      status: 401,
      ...(code !== 'no_identity' && { code }),
    })
    expect(outcome(await from(server, peers.intruder, { ...bad, cookie }))).toEqual(nobody)
    expect((await asks(server, { ...good, cookie })).status).toBe(200)
    expect(outcome(await asks(server, { ...bad, cookie }))).toMatchObject({ code: 'signed_out_at_proxy' })
  },
)

test('with allowed hosts a vouched request for another name is refused, so that a rebound name opens nothing', async () => {
  await using server = await householdWith({ allowedHosts: ['photos.home.example'] })
  const call = (host: string) =>
    server.app.http.inject({ url: '/api/users/me', remoteAddress: peers.proxy, headers: { ...said, host } })
  expect((await call('Photos.home.example:8443')).statusCode).toBe(200)
  expect((await call('evil.example')).json()).toMatchObject({ code: 'wrong_host' })
})

test('the external domain is the allowed host where none is named', async () => {
  const file = fileWith({}, { server: { externalDomain: 'https://photos.home.example' } })
  await using server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await server.signUpAdmin()
  expect(outcome(await asks(server, said))).toMatchObject({ code: 'wrong_host' })
})

test('a preset reads what its login service sends, and what the file says goes before it', async () => {
  await using server = await householdWith({
    preset: 'authentik',
    syncProfile: ['name'],
    headers: { name: 'x-my-name' },
  })
  const authentik = {
    'x-authentik-email': gran,
    'x-authentik-uid': '7',
    'x-authentik-name': 'No',
    'x-my-name': 'Gran',
  }
  expect(outcome(await asks(server, authentik))).toMatchObject({ status: 200, email: gran, name: 'Gran' })
  expect(outcome(await asks(server, said))).toMatchObject({ status: 401 })
})
