import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { canaryOf } from '../src/sign-in-check/canary.ts'
import { decodeSighting, type Line, type Sighting } from '../src/sign-in-check/sign-in-check.ts'
import type { Answer } from './http-call.ts'
import { peers, people, startServer, type SignedIn, type TestServer } from './start-server.ts'

const trusted = { PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' }
const check = '/api/admin/sign-in-check'
const everyPath = [
  '/photos',
  '/api/users/me',
  '/api/users/me?key=canary',
  '/api/server/ping',
  '/api/no-such-route',
  '/share/canary',
  '/favicon.svg',
  '/.well-known/immich',
]

type Started = { nonce: string; plan: { id: string; path: string; headers: Record<string, string> }[] }

async function household(environment: Record<string, string> = trusted) {
  const server = await startServer({ environment })
  return { server, admin: await server.signUpAdmin() }
}

async function begin(server: TestServer, { headers }: SignedIn): Promise<Started> {
  const answer = await server.call({ method: 'POST', path: check, headers })
  expect(answer.status).toBe(201)
  return answer.body as Started
}

const seenIn = ({ headers }: Answer): Sighting | undefined =>
  decodeSighting(headers['x-porchlight-saw'] as string | undefined)

test('a probe is told on every path what arrived of it, and is nobody there', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const before = await server.countEverything()
  const { email, word } = canaryOf(nonce)
  for (const path of everyPath) {
    const headers = [
      'x-porchlight-check',
      nonce,
      'Remote-Email',
      email,
      'REMOTE_NAME',
      word,
      'accept',
      'text/html',
    ]
    const answer = await server.call({ path, headers })
    expect([path, answer.status, answer.cookies]).toEqual([path, 200, {}])
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(seenIn(answer)).toMatchObject({
      peer: '127.0.0.1',
      network: '127.0.0.1/32',
      trusted: true,
      headers: [
        { name: 'Remote-Email', field: 'email', lines: 1, holds: ['canary'] },
        { name: 'REMOTE_NAME', field: 'alias', holds: ['canary'] },
      ],
    })
  }
  expect(await server.countEverything()).toEqual(before)
})

test('not even a probe with the name of the admin, the admin’s cookie and key does anything', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const before = await server.countEverything()
  for (const path of ['/photos', '/api/users/me', '/api/auth/trusted-header', '/api/auth/logout']) {
    for (const method of ['GET', 'POST']) {
      const headers = {
        'x-porchlight-check': nonce,
        'remote-email': people.admin.email,
        cookie: admin.cookie,
        ...admin.headers,
        accept: 'text/html',
      }
      const answer = await server.call({ method, path, headers })
      expect([answer.status, answer.body]).toEqual([200, { message: 'The sign-in check was here' }])
      expect(answer.cookies).toEqual({})
      expect(answer.text + JSON.stringify(answer.headers)).not.toContain(people.admin.email)
      expect(seenIn(answer)?.verdict).toEqual({ who: 'somebody', email: 'a***@home.example' })
    }
  }
  expect(await server.countEverything()).toEqual(before)
})

test('a canary without its nonce signs nobody in, although the proxy vouches for it', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const before = await server.countEverything()
  for (const email of [canaryOf(nonce).email, 'somebody@else.invalid', 'x@invalid', 'X@PORCHLIGHT.INVALID']) {
    const answer = await server.call({ path: '/api/users/me', headers: { 'remote-email': email } })
    expect([answer.status, answer.body]).toMatchObject([401, { code: 'bad_email' }])
    const page = await server.call({
      path: '/photos',
      headers: { accept: 'text/html', 'remote-email': email },
    })
    expect(page.cookies).toEqual({})
  }
  expect(await server.countEverything()).toEqual(before)
})

test('who does not know a nonce learns nothing', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const wrong = [
    '',
    'x',
    nonce.slice(1),
    `${nonce}x`,
    nonce.toLowerCase(),
    'A'.repeat(43),
    '%',
    `${nonce}, ${nonce}`,
  ]
  for (const sent of wrong) {
    for (const path of ['/photos', '/api/users/me', '/api/server/ping']) {
      const headers = { accept: 'text/html' }
      const with_ = await server.call({ path, headers: { ...headers, 'x-porchlight-check': sent } })
      const without = await server.call({ path, headers })
      expect([sent, path, seenIn(with_), with_.status]).toEqual([sent, path, undefined, without.status])
      expect(with_.text).toBe(without.text)
    }
  }
})

test('ten minutes later, a nonce is nothing any more', async () => {
  let now = new Date('2026-01-01T12:00:00Z')
  await using server = await startServer({ environment: trusted, clock: { now: () => now } })
  const { nonce } = await begin(server, await server.signUpAdmin())
  const seen = async () =>
    seenIn(await server.call({ path: '/api/server/ping', headers: { 'x-porchlight-check': nonce } }))
  now = new Date('2026-01-01T12:09:59Z')
  expect(await seen()).toBeDefined()
  now = new Date('2026-01-01T12:10:01Z')
  expect(await seen()).toBeUndefined()
})

test('an upgrade to a websocket is answered like any probe, and becomes no socket', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const text = await upgrade(server.port, [`X-Porchlight-Check: ${nonce}`, `Cookie: ${admin.cookie}`])
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(decodeSighting(/x-porchlight-saw: (\S+)/i.exec(text)?.[1])).toMatchObject({ peer: '127.0.0.1' })
  expect(await upgrade(server.port, ['X-Porchlight-Check: nonsense'])).toMatch(/^HTTP\/1\.1 401 /)
})

test.each(['', '/run', '/dry-run'])('only an admin may ask for %s', async (path) => {
  const { server, admin } = await household()
  await using _ = server
  const gran = await server.addPerson(people.gran)
  const { nonce } = await begin(server, admin)
  const body = { nonce, trustedHeader: {} }
  const call = (headers: Record<string, string>) =>
    server.call({ method: 'POST', path: check + path, headers, body })
  expect((await call(gran.headers)).status).toBe(403)
  expect((await call({})).status).toBe(401)
  expect((await call({ cookie: admin.cookie, origin: 'https://evil.example' })).status).toBe(403)
})

test('the run looks at the server’s own address, finds that there is no proxy, and says so', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { lines, text } = await run(server, admin)
  expect(levelOf(lines, 'address')).toBe('good')
  expect(levelOf(lines, 'proxy')).toBe('bad')
  expect(levelOf(lines, 'client-name:api')).toBe('bad')
  expect(lines.find(({ id }) => id === 'client-name:api')).toMatchObject({
    sent: expect.stringContaining('Remote-Email: canary-'),
    arrived: expect.stringContaining('Remote-Email: canary-'),
  })
  expect(levelOf(lines, 'alias')).toBe('warn')
  expect(text).toContain('Nothing stands in front of Porchlight here')
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
})

test('a proxy at an address that is not trusted is told, with the line that mends it', async () => {
  const { server, admin } = await household({ PORCHLIGHT_TRUSTED_NETWORKS: '10.3.3.7/32' })
  await using _ = server
  const { lines } = await run(server, admin)
  const found = lines.find(({ id }) => id === 'peer')
  expect(found).toMatchObject({
    level: 'bad',
    mend: { lines: ['PORCHLIGHT_TRUSTED_NETWORKS=10.3.3.7/32, 127.0.0.1/32'] },
  })
})

test('only the server’s own address is ever called, whatever the request says', async () => {
  const { server, admin } = await household()
  await using _ = server
  const calls: string[] = []
  const other = createServer((request, answer) => {
    calls.push(request.url ?? '')
    answer.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end()
  })
  const port = await listen(other)
  const { nonce } = await begin(server, admin)
  const body = {
    nonce,
    url: `http://127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    observations: [],
  }
  const headers = {
    ...admin.headers,
    'x-forwarded-host': `127.0.0.1:${port}`,
    referer: `http://127.0.0.1:${port}/`,
  }
  const answer = await server.call({ method: 'POST', path: `${check}/run`, headers, body })
  expect(answer.status).toBe(200)
  expect(calls).toEqual([])

  // The external domain is where people come in; where it leads elsewhere, nobody follows.
  await setExternalDomain(server, admin, `http://127.0.0.1:${port}`)
  const { lines } = await run(server, admin, { cookie: 'authelia_session=hers' })
  expect(calls.length).toBeGreaterThan(20)
  expect(calls).not.toContain('/elsewhere')
  expect(levelOf(lines, 'address')).toBe('unknown')
  other.close()
  other.closeAllConnections()
})

test('cookies of the login service go along to the same origin only, and ours never do', async () => {
  const { server, admin } = await household()
  await using _ = server
  const cookies = new Set<string>()
  const proxy = createServer((request, answer) => {
    cookies.add(request.headers.cookie ?? 'none')
    answer.writeHead(401).end()
  })
  const port = await listen(proxy)
  const origin = `http://127.0.0.1:${port}`
  await setExternalDomain(server, admin, origin)
  const mine = { cookie: `authelia_session=hers; ${admin.cookie}` }
  const here = { ...mine, origin: `http://127.0.0.1:${server.port}`, host: `127.0.0.1:${server.port}` }
  await run(server, admin, here)
  expect([...cookies]).toEqual(['none'])
  await run(server, admin, { ...mine, origin })
  expect([...cookies].sort()).toEqual(['authelia_session=hers', 'none'])
  proxy.close()
  proxy.closeAllConnections()
})

test('a nonce that is over starts no run, and two runs do not go at once', async () => {
  const { server, admin } = await household()
  await using _ = server
  const call = (nonce: string) =>
    server.call({ method: 'POST', path: `${check}/run`, headers: admin.headers, body: { nonce } })
  expect((await call('A'.repeat(43))).status).toBe(400)
  const { nonce } = await begin(server, admin)
  const slow = createServer((_request, answer) => void setTimeout(() => answer.writeHead(401).end(), 20))
  await setExternalDomain(server, admin, `http://127.0.0.1:${await listen(slow)}`)
  const statuses = (await Promise.all([call(nonce), call(nonce)])).map(({ status }) => status)
  expect(statuses.toSorted((one, two) => one - two)).toEqual([200, 429])
  slow.close()
})

test('what the browser saw counts as well, and what it was not asked for does not', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce, plan } = await begin(server, admin)
  const asked = plan.find(({ id }) => id === 'browser:api:own-name:you')
  expect(asked).toMatchObject({ path: '/api/users/me', headers: { 'X-Porchlight-Check': nonce } })
  const seen = await server.call({ path: '/api/users/me', headers: asked?.headers ?? {} })
  const saw = seen.headers['x-porchlight-saw']
  const observations = [
    { id: asked?.id, status: 200, saw },
    { id: 'browser:api:nonsense:you', status: 200, saw },
    { id: 'browser:page:own-name:you', status: 200, saw: 'bm9uc2Vuc2U' },
  ]
  await setExternalDomain(server, admin, 'http://127.0.0.1:1')
  const answer = await server.call({
    method: 'POST',
    path: `${check}/run`,
    headers: admin.headers,
    body: { nonce, observations },
  })
  const { lines } = answer.body as { lines: Line[] }
  expect(levelOf(lines, 'address')).toBe('unknown')
  expect(levelOf(lines, 'client-name:api')).toBe('bad')
  expect(levelOf(lines, 'client-name:page')).toBe('good')
})

test('the text for a bug report names no person and no house', async () => {
  const { server, admin } = await household()
  await using _ = server
  await setExternalDomain(server, admin, `http://localhost.localdomain:${server.port}`)
  const { text } = await run(server, admin, { 'remote-email': people.admin.email })
  expect(text).not.toMatch(/home\.example|localdomain/)
})

const dryRun = (server: TestServer, headers: Record<string, string>, trustedHeader: object) =>
  server.call({ method: 'POST', path: `${check}/dry-run`, headers, body: { trustedHeader } })

test('a dry run says whom the header would open, whether the admin stays in, and makes nobody', async () => {
  const { server, admin } = await household({})
  await using _ = server
  const before = await server.countEverything()
  const by = { ...admin.headers, 'x-forwarded-for': '10.9.9.9' }
  const on = { enabled: true, networks: ['127.0.0.1/32'] }

  const nobody = await dryRun(server, by, on)
  expect(nobody.body).toMatchObject({
    problems: [],
    verdict: { refused: 'no_identity' },
    stillIn: { yes: true },
    seen: { trusted: true },
    lines: expect.arrayContaining([expect.objectContaining({ id: 'hosts', level: 'warn' })]),
  })
  const herself = await dryRun(server, { ...by, 'remote-email': people.admin.email }, on)
  expect(herself.body).toMatchObject({
    verdict: { identity: { email: people.admin.email } },
    account: { outcome: 'opens', userId: admin.id, isAdmin: true },
    stillIn: { yes: true },
  })
  const another = await dryRun(server, { ...by, 'remote-email': people.gran.email }, on)
  expect(another.body).toMatchObject({ account: { outcome: 'new' }, stillIn: { yes: false } })
  const demoted = { ...on, adminGroup: 'admins' }
  const member = await dryRun(
    server,
    { ...by, 'remote-email': people.admin.email, 'remote-groups': 'family' },
    demoted,
  )
  expect(member.body).toMatchObject({
    account: { isAdmin: false, changes: ['isAdmin'] },
    stillIn: { yes: false },
  })
  expect(await server.countEverything()).toEqual(before)
  expect(
    JSON.stringify((await server.call({ path: '/api/system-config', headers: admin.headers })).body),
  ).toContain('"enabled":false,"networks":[]')
})

test('a dry run proposes the narrowest network, the login service and its headers', async () => {
  const { server, admin } = await household({})
  await using _ = server
  const authentik = {
    'x-authentik-email': people.admin.email,
    'x-authentik-uid': 'abc',
    'x-authentik-groups': 'family|admins',
    'x-forwarded-proto': 'https',
  }
  const answer = await dryRun(server, { ...admin.headers, ...authentik }, {})
  expect(answer.body).toMatchObject({
    proposals: {
      network: '127.0.0.1/32',
      preset: 'authentik',
      headers: { email: 'x-authentik-email', id: 'x-authentik-uid', groups: 'x-authentik-groups' },
    },
  })
  const direct = await dryRun(server, admin.headers, {})
  expect((direct.body as { proposals: object }).proposals).toEqual({ headers: {} })
})

test('a dry run of what does not validate says why, in the parser’s words', async () => {
  const { server, admin } = await household({})
  await using _ = server
  const answer = await dryRun(server, admin.headers, { enabled: true, networks: ['0.0.0.0/0'] })
  expect(answer.body).toMatchObject({
    problems: [{ path: 'networks.0' }],
    lines: [{ level: 'bad', reason: expect.stringContaining('0.0.0.0/0') }],
  })
})

test('an intruder past the proxy who knows the nonce sees only that he is not believed', async () => {
  const { server, admin } = await household()
  await using _ = server
  const { nonce } = await begin(server, admin)
  const headers = { 'x-porchlight-check': nonce, 'remote-email': people.admin.email }
  const answer = await server.call({ path: '/api/users/me', from: peers.intruder, headers })
  expect(seenIn(answer)).toMatchObject({
    trusted: false,
    network: null,
    verdict: { refused: 'untrusted_peer' },
  })
})

async function run(server: TestServer, admin: SignedIn, extra: Record<string, string> = {}) {
  const { nonce } = await begin(server, admin)
  const answer = await server.call({
    method: 'POST',
    path: `${check}/run`,
    headers: { ...admin.headers, ...extra },
    body: { nonce },
  })
  expect(answer.status).toBe(200)
  return answer.body as { lines: Line[]; text: string }
}

const levelOf = (lines: readonly Line[], id: string) => lines.find((line) => line.id === id)?.level

async function setExternalDomain(
  server: TestServer,
  { headers }: SignedIn,
  externalDomain: string,
): Promise<void> {
  const path = '/api/system-config'
  const config = (await server.call({ path, headers })).body as { server: object; trustedHeader?: object }
  const body = { ...config, server: { ...config.server, externalDomain } }
  expect((await server.call({ method: 'PUT', path, headers, body })).status).toBe(200)
}

function listen(other: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port))
  })
}

function upgrade(port: number, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        [
          'GET /api/socket.io/?EIO=4&transport=websocket HTTP/1.1',
          `Host: 127.0.0.1:${port}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          ...lines,
          '',
          '',
        ].join('\r\n'),
      ),
    )
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}
