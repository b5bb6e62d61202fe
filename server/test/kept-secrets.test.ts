import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../src/platform/logger.ts'
import { httpCall } from './http-call.ts'
import { openSocket } from './socket-client.ts'
import { peers, people, startServer, type TestServer } from './start-server.ts'
import { fileWith } from './vouching.ts'

const gran = people.gran.email
const proxySecret = 'proxy-secret-4hTz8Qm2Lx7Vb9Nc3Rk6Wp1'
const nextSecret = 'proxy-secret-next-9Yd5Fg2Hj8Kl4Zx7Cv'
const wrongSecret = 'proxy-secret-wrong-6Bn3Mq8We1Rt5Yu9'

/** A server at its most talkative, and all that it says. */
async function talkative(environment: Record<string, string>) {
  const said: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      said.push(String(chunk))
      done()
    },
  })
  const server = await startServer({
    environment: { PORCHLIGHT_METRICS_LISTEN: '127.0.0.1:0', ...environment },
    logger: createLogger('trace', destination),
  })
  return { server, said }
}

const talkativeWith = (section: Record<string, unknown>) =>
  talkative({ PORCHLIGHT_CONFIG_FILE: fileWith(section) })

/** Every place that keeps something or shows it to an admin, as one text. */
async function everythingKept(server: TestServer, said: readonly string[]): Promise<Record<string, string>> {
  const { audit, db, metrics } = server.app
  await audit.flush()
  const rows = await db.selectFrom('audit_events').selectAll().execute()
  const settings = await db.selectFrom('stored_settings').selectAll().execute()
  const { address } = metrics
  const port = address && 'port' in address ? address.port : 0
  const { text } = await httpCall(port, { path: '/metrics' })
  return {
    log: said.join(''),
    audit: JSON.stringify(rows),
    settings: JSON.stringify(settings),
    metrics: text,
  }
}

function expectNone(kept: Record<string, string>, secrets: readonly string[]): void {
  for (const [where, text] of Object.entries(kept)) {
    const found = secrets.filter((secret) => text.includes(secret))
    expect([where, found]).toEqual([where, []])
  }
}

/** A request that no parser takes, with all that a browser would send along. */
function sendNonsense(port: number, lines: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
    socket.on('data', () => socket.destroy()).on('error', () => {})
    socket.on('close', () => resolve())
  })
}

test('after a round of sign-ins by every way, no secret, token, key or password is kept anywhere', async () => {
  const { server, said } = await talkativeWith({
    secret: { header: 'x-proxy-secret', values: [proxySecret] },
    autoRegister: true,
  })
  await using _ = server
  const admin = await server.signUpAdmin()
  const granSession = await server.addPerson(people.gran)
  const proxy = { 'x-proxy-secret': proxySecret }
  const vouched = { ...proxy, 'remote-email': gran }
  const secrets = [proxySecret, nextSecret, wrongSecret, admin.token, granSession.token]
  for (const { password } of Object.values(people)) secrets.push(password)
  const ask = async (status: number, call: Parameters<typeof server.call>[0]) => {
    const answer = await server.call(call)
    expect([call.path, answer.status]).toEqual([call.path, status])
    return answer
  }
  const me = '/api/users/me'

  const page = await ask(200, { path: '/photos', headers: { ...vouched, accept: 'text/html' } })
  const signedIn = await ask(201, { method: 'POST', path: '/api/auth/trusted-header', headers: vouched })
  const { accessToken } = signedIn.body as { accessToken: string }
  secrets.push(accessToken, ...[page.cookies['immich_access_token'] ?? ''].filter(Boolean))
  await ask(401, { path: me, headers: { ...vouched, 'x-proxy-secret': wrongSecret } })
  await ask(401, { path: me, headers: { ...vouched, 'x-proxy-secret': proxySecret.toUpperCase() } })
  await ask(401, { path: me, headers: vouched, from: peers.intruder })
  await ask(401, { path: me, headers: { ...vouched, 'remote-email': accessToken } })
  await ask(401, { path: me, headers: { ...vouched, remote_email: proxySecret } })
  await ask(200, { path: `${me}?sessionKey=${admin.token}` })
  await ask(401, { path: `${me}?sessionKey=${proxySecret}` })
  await ask(200, { path: me, headers: { cookie: admin.cookie } })
  await ask(401, { path: me, headers: { authorization: `Bearer ${wrongSecret}` } })

  const made = await ask(201, {
    method: 'POST',
    path: '/api/api-keys',
    headers: admin.headers,
    body: { name: 'Phone', permissions: ['all'] },
  })
  const { secret: apiKey } = made.body as { secret: string }
  secrets.push(apiKey)
  await ask(200, { path: `${me}?apiKey=${apiKey}` })
  await ask(200, { path: me, headers: { 'x-api-key': apiKey, ...vouched } })
  await ask(404, { path: `/api/none/${apiKey}?apiKey=${apiKey}` })
  const login = { method: 'POST', path: '/api/auth/login' }
  await ask(401, { ...login, body: { email: gran, password: wrongSecret } })
  await ask(400, { ...login, body: { email: [gran], password: wrongSecret } })
  const password = 'the new word of gran'
  secrets.push(password)
  const own = granSession.headers
  await ask(200, {
    method: 'POST',
    path: '/api/auth/change-password',
    headers: own,
    body: { password: people.gran.password, newPassword: password },
  })
  const { socket } = await openSocket(server, { query: { sessionKey: admin.token } })
  socket.close()
  await expect(openSocket(server, { query: { apiKey: wrongSecret } })).rejects.toThrow()
  await sendNonsense(server.port, [
    'GET / HTTP/9.9',
    `x-proxy-secret : ${proxySecret}`,
    `cookie: immich_access_token=${admin.token}`,
  ])
  await sendNonsense(server.port, [`GET /?apiKey=${apiKey} HTTP/1.1`, `x-api-key: ${apiKey}\u0000`])

  const { body: config } = await ask(200, { path: '/api/system-config', headers: admin.headers })
  const changed = {
    ...(config as object),
    trustedHeader: {
      ...(config as { trustedHeader: object }).trustedHeader,
      secret: { header: 'x-proxy-secret', values: [proxySecret, nextSecret] },
    },
  }
  // Locked, for the file sets it; the refusal must not repeat it.
  const refused = await ask(400, {
    method: 'PUT',
    path: '/api/system-config',
    headers: admin.headers,
    body: changed,
  })
  expect(refused.text).not.toContain(nextSecret)
  await ask(200, { method: 'POST', path: '/api/auth/logout', headers: own })

  const kept = await everythingKept(server, said)
  expect(kept['log']?.length).toBeGreaterThan(100)
  expect(kept['audit']).toContain('bad_secret')
  expect(kept['audit']).toContain('wrong_password')
  expectNone(kept, secrets)
  for (const where of ['log', 'metrics'])
    expect(kept[where]).not.toMatch(/@home\.example(?<!\*@home\.example)/)
})

test('a secret that an admin stores is kept as its digest alone, and the trail says only that it changed', async () => {
  const { server, said } = await talkative({})
  await using _ = server
  const { headers } = await server.signUpAdmin()
  const path = '/api/system-config'
  const { body } = await server.call({ path, headers })
  const config = body as { trustedHeader: object }
  const trustedHeader = {
    ...config.trustedHeader,
    networks: ['127.0.0.1/32'],
    enabled: true,
    secret: { header: 'x-proxy-secret', values: [proxySecret, nextSecret] },
  }
  const saved = await server.call({ method: 'PUT', path, headers, body: { ...config, trustedHeader } })
  expect(saved.status).toBe(200)
  expect(saved.text).toContain('sha256:')
  const kept = await everythingKept(server, said)
  expect(kept['audit']).toContain('settings_changed')
  expectNone(kept, [proxySecret, nextSecret])
})

test('after sign-ins and sign-outs by signed token, good and bad, no token is kept anywhere', async () => {
  const { token, jwksFile } = loginService()
  const { server, said } = await talkativeWith({
    assertion: {
      header: 'x-assertion',
      jwksUrl: jwksFile,
      issuer: 'https://auth.home.example',
      audience: 'porchlight',
      algorithms: ['ES256'],
    },
    backChannelLogout: { jwksUrl: jwksFile, issuer: 'https://auth.home.example', audience: 'porchlight' },
  })
  await using _ = server
  await server.signUpAdmin()
  const good = token({ email: gran })
  const tokens = [good, token({ email: gran, aud: 'others' }), token({ email: gran, exp: 1 }), `${good}x`]
  const outcomes = []
  for (const assertion of tokens) {
    const answer = await server.call({ path: '/api/users/me', headers: { 'x-assertion': assertion } })
    outcomes.push(answer.status)
  }
  expect(outcomes).toEqual([200, 401, 401, 401])

  const order = token({
    sub: 'gran',
    email: gran,
    jti: randomUUID(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  const post = (logoutToken: string) =>
    httpForm(server.port, '/api/auth/backchannel-logout', `logout_token=${logoutToken}`)
  expect([await post(order), await post(order), await post(good)]).toEqual([200, 400, 400])

  const kept = await everythingKept(server, said)
  expect(kept['audit']).toContain('assertion_expired')
  expect(kept['audit']).toContain('logout_token_refused')
  const parts = [...tokens, order].flatMap((one) => [one, one.split('.')[2] ?? one, one.split('.')[1] ?? one])
  expectNone(kept, parts)
})

async function httpForm(port: number, path: string, form: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Keys in a file, and tokens signed with them (ES256, RFC 7518 section 3.4). */
function loginService() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const jwksFile = join(folder, 'jwks.json')
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }
  writeFileSync(jwksFile, JSON.stringify({ keys: [key] }))
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  function token(claims: Record<string, unknown>): string {
    const now = Math.floor(Date.now() / 1000)
    const all = { iss: 'https://auth.home.example', aud: 'porchlight', iat: now, exp: now + 300, ...claims }
    const text = `${encode({ alg: 'ES256', kid: 'one' })}.${encode(all)}`
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }
  return { token, jwksFile }
}
