import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { people, startServer, type TestServer } from './start-server.ts'

const script = 'start("a < b");'
const page = `<!doctype html><script>${script}</script><script src="/app.js"></script><p>Porchlight</p>`
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-web-'))
  const web = join(folder, 'web')
  mkdirSync(join(web, '_app/immutable'), { recursive: true })
  mkdirSync(join(web, 'icons'))
  writeFileSync(join(folder, 'secret.txt'), 'a secret beside the web folder')
  writeFileSync(join(web, 'index.html'), page)
  writeFileSync(join(web, 'app.js'), 'export {}')
  writeFileSync(join(web, '_app/immutable/start.BfY9.js'), 'export const a = 1')
  writeFileSync(join(web, '_app/immutable/start.BfY9.js.br'), 'brotli')
  writeFileSync(join(web, 'icons/porch.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
})
afterAll(() => rmSync(folder, { recursive: true }))

const serve = (environment: Record<string, string> = {}) =>
  startServer({ environment: { PORCHLIGHT_WEB_DIR: join(folder, 'web'), ...environment } })

test.each([
  '/',
  '/photos',
  '/photos/3112cd3a',
  '/auth/login?continue=%2Fphotos',
  '/shared/holiday',
  '/a.b/c',
  '/apis',
  '/index.html',
])('a browser that opens %s gets the page, which no cache keeps', async (path) => {
  await using server = await serve()
  const answer = await server.call({ path, headers: html })
  expect([answer.status, answer.text]).toEqual([200, page])
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  const head = await server.call({ method: 'HEAD', path, headers: html })
  expect([head.status, head.text, head.headers['content-type']]).toEqual([
    200,
    '',
    'text/html; charset=utf-8',
  ])
})

test('the page runs our own files and its own script, and sits in nobody’s frame', async () => {
  await using server = await serve()
  const { headers } = await server.call({ path: '/', headers: html })
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = (headers['content-security-policy'] as string).split('; ')
  expect(headers['x-frame-options']).toBe('SAMEORIGIN')
  expect(headers['permissions-policy']).toMatch(/\bcamera=\(\).*\bgeolocation=\(\)/)
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'self'",
      `script-src 'self' 'sha256-${hash}'`,
      "style-src 'self'",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'self'",
    ]),
  )
  for (const part of policy) expect(part).not.toMatch(/\*|unsafe-|https?:/)
})

test('files that carry their content’s hash in the name are kept for ever, others for an hour', async () => {
  await using server = await serve()
  const lasting = await server.call({ path: '/_app/immutable/start.BfY9.js' })
  expect([lasting.status, lasting.text]).toEqual([200, 'export const a = 1'])
  expect(lasting.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(lasting.headers['content-type']).toMatch(/^(text|application)\/javascript/)
  const short = await server.call({ path: '/icons/porch.svg', headers: html })
  expect(short.headers['cache-control']).toBe('public, max-age=3600')
  expect(short.headers['content-type']).toBe('image/svg+xml')
})

test('a browser that reads brotli gets the packed file', async () => {
  await using server = await serve()
  const answer = await server.call({
    path: '/_app/immutable/start.BfY9.js',
    headers: { 'accept-encoding': 'br' },
  })
  expect([answer.text, answer.headers['content-encoding']]).toEqual(['brotli', 'br'])
  expect(answer.headers['content-type']).toMatch(/javascript/)
})

test.each([
  ['GET', '/api/nope'],
  ['GET', '/api/nope?apiKey=very-secret'],
  ['GET', '/api'],
  ['GET', '/api/'],
  ['POST', '/api/nope'],
  ['DELETE', '/api/users/me'],
  ['POST', '/photos'],
])('%s %s is not found, in Immich’s words, also for a browser', async (method, path) => {
  await using server = await serve()
  const answer = await server.call({ method, path, headers: html })
  expect([answer.status, answer.body]).toEqual([404, { message: `Cannot ${method} ${path.split('?')[0]}` }])
  expect(answer.headers['x-correlation-id']).toMatch(/^[\w-]+$/)
})

test.each(['application/json', '*/*', 'image/avif,image/webp,*/*', ''])(
  'who asks for %j gets no page where a file is missing',
  async (accept) => {
    await using server = await serve()
    const answer = await server.call({ path: '/_app/immutable/gone.js', headers: { accept } })
    expect([answer.status, answer.body]).toEqual([404, { message: 'Cannot GET /_app/immutable/gone.js' }])
  },
)

/** One raw request: clients of Node tidy a path up before they send it. */
function raw(port: number, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nConnection: close\r\n\r\n`)
  })
}

test.each([
  '/../secret.txt',
  '/icons/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/icons/..%5c..%5csecret.txt',
  '/icons/%252e%252e/%252e%252e/secret.txt',
  '/..;/secret.txt',
  '//etc/passwd',
  '/etc/passwd',
  '/icons/%00/../../secret.txt',
  'http://x/../secret.txt',
])('%s leads out of the web folder for nobody', async (target) => {
  await using server = await serve()
  const answer = await raw(server.port, target)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(answer).not.toMatch(/a secret beside|root:/)
})

test('what the admin styles is a style sheet, whatever is in it', async () => {
  await using server = await serve()
  const { headers } = await server.signUpAdmin()
  const path = '/api/system-config'
  const config = (await server.call({ path, headers })).body as object
  const customCss = '</style><script>alert(1)</script>'
  await server.call({ method: 'PUT', path, headers, body: { ...config, theme: { customCss } } })
  const answer = await server.call({ path: '/custom.css', headers: html })
  expect(answer.text).toBe(customCss)
  expect(answer.headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  })
})

test('without a built web client the API answers, and a page says what to do', async () => {
  await using server = await serve({ PORCHLIGHT_WEB_DIR: join(folder, 'no-such-folder') })
  const answer = await server.call({ path: '/photos', headers: html })
  expect([answer.status, answer.text]).toEqual([
    503,
    'The web client is not built here. Run: npm run build -w web',
  ])
  expect((await server.call({ path: '/api/server/ping' })).status).toBe(200)
})

async function visit(server: TestServer, method: string): Promise<Record<string, string>> {
  const headers = { ...html, 'remote-email': people.gran.email }
  return (await server.call({ method, path: '/photos', headers })).cookies
}

test('a page signs gran in, the mere question after its headers does not', async () => {
  await using server = await serve({ PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1' })
  await server.signUpAdmin()
  expect(await visit(server, 'HEAD')).toEqual({})
  expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
  expect(Object.keys(await visit(server, 'GET'))).toHaveLength(3)
  const script = await server.call({ path: '/app.js', headers: { 'remote-email': people.gran.email } })
  expect([script.status, script.cookies]).toEqual([200, {}])
})

test('whoever looks whether the server is up gets the first page, and no session', async () => {
  await using server = await serve({ PORCHLIGHT_TRUSTED_NETWORKS: '127.0.0.1/32' })
  await server.signUpAdmin()
  const before = await server.countEverything()
  const headers = { accept: '*/*', 'remote-email': 'gran@home.example' }
  const answer = await server.call({ path: '/', headers })
  expect([answer.status, answer.cookies]).toEqual([200, {}])
  expect(answer.headers['content-type']).toContain('text/html')
  expect(await server.countEverything()).toEqual(before)
})
