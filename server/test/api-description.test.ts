import { expect, test } from 'vitest'
import type { DeclaredRoute } from '../src/platform/http-server.ts'
import { expectWritten, markdownTable } from './written-docs.ts'
import { startServer } from './start-server.ts'

/** Without the files of the web client: their names change with every build. */
const serve = () => startServer({ environment: { PORCHLIGHT_WEB_DIR: '/nowhere' } })

const whoMayCall = {
  public: 'everybody',
  identity: 'the proxy’s word',
  share: 'members, shared links',
  user: 'members',
  admin: 'admins',
}

function rowOf({ method, url, access }: DeclaredRoute): string[] {
  if (!access) return [url, method, 'everybody', '']
  const key = 'permission' in access ? (access.permission ?? 'all') : undefined
  return [
    url,
    method,
    whoMayCall[access.class],
    key === undefined ? '' : key === false ? 'any' : `\`${key}\``,
  ]
}

test('the list of routes in the docs is the list of routes', async () => {
  await using server = await serve()
  const rows = server.app.http.declaredRoutes
    .map(rowOf)
    .sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1))
  const text = `# Routes

Every route of the server, who may call it, and which permission an API key needs for it. Written by a test; do not edit.

- everybody: nobody is looked at, no cookie is set
- the proxy’s word: asks the trusted header itself; cookies and keys are not looked at
- members: anybody signed in, by session, API key or trusted header; admins: the same, for admins
- shared links: who comes by one, without an account; the route shows nothing but what the link holds

${markdownTable([['Path', 'Method', 'Who', 'API key'], ...rows])}
`
  expectWritten('routes.md', text)
  expect(rows.length).toBeGreaterThan(50)
})

test('what everybody may call is a short list, and grows only on purpose', async () => {
  await using server = await serve()
  const open = server.app.http.declaredRoutes.filter(({ access }) => !access || !('permission' in access))
  expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    'GET /.well-known/immich',
    'GET /api/auth/trusted-header/preview',
    'GET /api/oauth/mobile-redirect',
    'GET /api/openapi.json',
    'GET /api/public/config',
    'GET /api/public/config/defaults',
    'GET /api/server/config',
    'GET /api/server/features',
    'GET /api/server/media-types',
    'GET /api/server/ping',
    'GET /api/server/version',
    'GET /api/server/version-history',
    'GET /custom.css',
    'GET /oauth/mobile-redirect',
    'POST /api/auth/admin-sign-up',
    'POST /api/auth/backchannel-logout',
    'POST /api/auth/login',
    'POST /api/auth/trusted-header',
    'POST /api/oauth/authorize',
    'POST /api/oauth/backchannel-logout',
    'POST /api/oauth/callback',
    'POST /api/shared-links/login',
  ])
})

test('every other route answers 401 to a stranger, before it looks at what he sent', async () => {
  await using server = await serve()
  const before = await server.countEverything()
  for (const { method, url, access } of server.app.http.declaredRoutes) {
    if (!access || !('permission' in access)) continue
    const path = url.replaceAll(/:\w+/g, 'no-id')
    const answer = await server.call({ method, path, body: { nonsense: true } })
    expect([method, path, answer.status, answer.body]).toEqual([
      method,
      path,
      401,
      { message: 'Authentication required' },
    ])
    expect(answer.headers['x-porchlight-identity']).toBe('nobody')
  }
  expect(await server.countEverything()).toEqual(before)
})

type Operation = { operationId: string; parameters?: { name: string; in: string }[]; security?: unknown }
type Description = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

test('the API description in the docs is what the server gives, and hangs together', async () => {
  await using server = await serve()
  const answer = await server.call({ path: '/api/openapi.json' })
  const description = answer.body as Description
  expect(description.openapi).toMatch(/^3\.0\.\d$/)

  const references = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
  expect(references.length).toBeGreaterThan(20)
  for (const reference of references) {
    const name = reference.replace('#/components/schemas/', '')
    expect([reference, name in description.components.schemas]).toEqual([reference, true])
  }

  const calls = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const names = calls.map(({ operationId }) => operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const { path, parameters = [] } of calls) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
  }
  const described = calls
    .filter(({ method }) => method !== 'head')
    .map(({ path, method }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
  const declared = server.app.http.declaredRoutes.map(({ method, url }) => `${method} ${url}`)
  const hidden = [
    'GET /oauth/mobile-redirect',
    'GET /.well-known/immich',
    'GET /api/openapi.json',
    'GET /custom.css',
  ]
  expect(described.sort()).toEqual(declared.filter((route) => !hidden.includes(route)).sort())

  expectWritten('openapi.json', `${JSON.stringify(description, undefined, 2)}\n`)
})
