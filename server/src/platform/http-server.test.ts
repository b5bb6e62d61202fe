import { Writable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { open, signedIn } from './access.ts'
import { createHttpServer, type HttpServer } from './http-server.ts'
import { createLogger } from './logger.ts'
import { Problem } from './problem.ts'

const config = { access: open }
let server: HttpServer | undefined
let log = ''
afterEach(() => server?.close())

/** A server with a few routes; what it logs is kept. */
function startServer(): HttpServer {
  log = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk)
      done()
    },
  })
  server = createHttpServer({ logger: createLogger('trace', sink), checkAnswers: true })
  server.get('/api/problem', { config }, async () => {
    throw new Problem(400, 'Email is not available')
  })
  server.get('/api/coded', { config }, async () => {
    throw new Problem(401, 'Authentication required', { code: 'header_repeated' })
  })
  server.get('/api/fault', { config }, async () => {
    throw new Error('column "password_hash" of gran@home.example')
  })
  server.get('/api/text', { config }, async () => {
    throw 'a text'
  })
  const params = z.object({ id: z.uuid() })
  server.get('/api/people/:id', { config, schema: { params } }, async () => ({}))
  const body = z.object({ name: z.string(), age: z.number().optional() })
  server.post('/api/people', { config, schema: { body } }, async (request) => request.body)
  const guarded = { access: signedIn() }
  server.post('/api/members', { config: guarded, schema: { body } }, async () => ({}))
  server.post('/api/nothing', { config }, async (request: FastifyRequest) => ({ body: request.body ?? null }))
  const response = { 200: z.object({ name: z.string() }) }
  server.get('/api/wrong-answer', { config, schema: { response } }, async () => ({ nam: 'x' }) as never)
  return server
}

const json = { 'content-type': 'application/json' }
const post = (url: string, payload: string, headers: Record<string, string> = json) =>
  startServer().inject({ method: 'POST', url, payload, headers })

test.each<[string, number, object]>([
  ['/api/problem', 400, { message: 'Email is not available' }],
  ['/api/coded', 401, { message: 'Authentication required', code: 'header_repeated' }],
  ['/api/fault', 500, { message: 'Internal server error' }],
  ['/api/text', 500, { message: 'Internal server error' }],
  ['/api/wrong-answer', 500, { message: 'Internal server error' }],
  ['/api/people/%zz', 400, { message: "'/api/people/%zz' is not a valid url component" }],
  ['/%', 400, { message: "'/%' is not a valid url component" }],
])('%s answers %i with exactly the body that clients compare', async (url, status, body) => {
  const answer = await startServer().inject(url)
  expect([answer.statusCode, answer.json()]).toEqual([status, body])
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.headers['x-correlation-id']).toMatch(/^[\w-]{36}$/)
})

test('a fault is hidden from the client and told to the log, without the query', async () => {
  const answer = await startServer().inject('/api/fault?apiKey=very-secret&sessionKey=also')
  expect(answer.body).not.toContain('gran@')
  expect(log).toContain('column \\"password_hash\\" of g***@home.example')
  expect(log).toContain('"url":"/api/fault"')
  expect(log).not.toContain('very-secret')
})

test('a request that goes well, or that the client got wrong, is no line in the log', async () => {
  const app = startServer()
  for (const url of [
    '/api/problem?apiKey=very-secret',
    '/api/people/x?apiKey=very-secret',
    '/no?key=very-secret',
  ])
    await app.inject(url)
  await app.inject({ method: 'POST', url: '/api/nothing?apiKey=very-secret' })
  expect(log).not.toContain('very-secret')
})

test('invalid input is told in the words that Immich’s clients know', async () => {
  const answer = await post('/api/people', '{"age": "old"}')
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toEqual({
    message: 'Validation failed',
    errors: [
      {
        expected: 'string',
        code: 'invalid_type',
        path: ['name'],
        message: 'Invalid input: expected string, received undefined',
      },
      {
        expected: 'number',
        code: 'invalid_type',
        path: ['age'],
        message: 'Invalid input: expected number, received string',
      },
    ],
  })
})

test('an id that is none is an invalid UUID', async () => {
  const answer = await startServer().inject('/api/people/7')
  expect(answer.json()).toMatchObject({
    message: 'Validation failed',
    errors: [
      { code: 'invalid_format', format: 'uuid', origin: 'string', path: ['id'], message: 'Invalid UUID' },
    ],
  })
})

test('the client’s own correlation id is echoed, a forged log line is not', async () => {
  const app = startServer()
  const echoed = async (id: string) =>
    (await app.inject({ url: '/api/problem', headers: { 'x-correlation-id': id } })).headers[
      'x-correlation-id'
    ]
  expect(await echoed('upload_42-b')).toBe('upload_42-b')
  for (const forged of ['', 'a b', 'a","level":60,"msg":"', 'x'.repeat(65), 'é', '<script>']) {
    expect(await echoed(forged)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  }
})

test.each(['/api/new', '/api/new/:id', '/api'])('%s must say who may call it, or the start stops', (url) => {
  const app = startServer()
  expect(() => app.get(url, async () => ({}))).toThrow(/^GET \/api.* does not declare who may call it$/)
})

test('the list of routes holds each declared route once', () => {
  const app = startServer()
  app.route({ method: ['PUT', 'PATCH'], url: '/api/both', config, handler: async () => ({}) })
  app.get('/page', async () => ({}))
  const list = app.declaredRoutes.map(({ method, url, access }) => `${method} ${url} ${access?.class}`)
  expect(list).toContain('GET /api/problem public')
  expect(list.slice(-3)).toEqual(['PUT /api/both public', 'PATCH /api/both public', 'GET /page undefined'])
})

test('a call with a JSON content type and nothing to say is no error', async () => {
  expect((await post('/api/nothing', '')).json()).toEqual({ body: null })
})

test.each<[what: string, status: number, payload: string, headers: Record<string, string>]>([
  ['no JSON', 400, '{"name": ', json],
  ['a reach for the prototype', 400, '{"name": "x", "__proto__": {"isAdmin": true}}', json],
  ['a reach for the constructor', 400, '{"constructor": {"prototype": {"isAdmin": true}}}', json],
  ['XML', 415, '<name/>', { 'content-type': 'application/xml' }],
  ['JSON that another site sends as text', 400, '{"name": "x"}', { 'content-type': 'text/plain' }],
  ['null', 400, 'null', json],
  ['a list', 400, '[]', json],
  ['more than 64 KiB from a stranger', 413, `{"name": "${'x'.repeat(64 * 1024)}"}`, json],
  ['more than 4 MiB', 413, `{"name": "${'x'.repeat(4 * 1024 * 1024)}"}`, json],
])('a body that is %s is refused with %i', async (_what, status, payload, headers) => {
  const answer = await post('/api/people', payload, headers)
  expect(answer.statusCode).toBe(status)
  const { message, ...more } = answer.json<{ message: string; errors?: unknown }>()
  expect(message).not.toBe('')
  expect(Object.keys(more)).toEqual(message === 'Validation failed' ? ['errors'] : [])
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

test('somebody the server looks at may send a long body, up to 4 MiB', async () => {
  const sizes = [64 * 1024, 4 * 1024 * 1024]
  const answers = sizes.map((size) => post('/api/members', `{"name": "${'x'.repeat(size)}"}`, json))
  expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual([200, 413])
})

test('a connection on which nothing moves is closed', () => {
  expect(startServer().server.timeout).toBe(120_000)
})

test('a slash at the end of an address makes no difference', async () => {
  expect((await startServer().inject('/api/problem/')).json()).toEqual({ message: 'Email is not available' })
})
