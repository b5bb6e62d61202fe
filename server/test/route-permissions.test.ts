import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { GuardedAccess } from '../src/platform/access.ts'
import type { DeclaredRoute } from '../src/platform/http-server.ts'
import { people, startServer, type TestServer } from './start-server.ts'

type Guarded = { method: string; url: string; access: GuardedAccess }

const isGuarded = (route: DeclaredRoute): route is Guarded =>
  route.access !== undefined && 'permission' in route.access

/** Every route that looks at its caller. */
const guardedRoutes = ({ app }: TestServer) => app.http.declaredRoutes.filter(isGuarded)

const pathOf = (url: string) => url.replaceAll(/:\w+/g, randomUUID())

async function keyOf(server: TestServer, headers: Record<string, string>, permissions: string[]) {
  const body = { permissions }
  const made = await server.call({ method: 'POST', path: '/api/api-keys', headers, body })
  return { 'x-api-key': (made.body as { secret: string }).secret }
}

test('every route is refused to a key that has every permission but the one it needs', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const routes = guardedRoutes(server)
  const words = [...new Set(routes.map(({ access }) => access.permission))].filter(
    (word) => typeof word === 'string',
  )
  expect(words.length).toBeGreaterThan(30)
  const without = new Map<string | false | undefined, Record<string, string>>()
  for (const word of [...words, undefined])
    without.set(word, await keyOf(server, headers, [...words.filter((one) => one !== word), 'nonsense']))

  for (const { method, url, access } of routes) {
    const { permission } = access
    if (permission === false) continue
    const answer = await server.call({
      method,
      path: pathOf(url),
      headers: without.get(permission) ?? {},
      body: {},
    })
    const message = `Missing required permission: ${permission ?? 'all'}`
    expect([method, url, answer.status, answer.body]).toEqual([method, url, 403, { message }])
  }
})

test('every route for admins is refused to a member, by whatever credential', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const anna = await server.addPerson(people.anna)
  const key = await keyOf(server, anna.headers, ['all'])
  const routes = guardedRoutes(server).filter(({ access }) => access.class === 'admin')
  expect(routes.length).toBeGreaterThan(20)
  for (const { method, url } of routes) {
    for (const headers of [anna.headers, key, { cookie: anna.cookie }]) {
      const answer = await server.call({ method, path: pathOf(url), headers, body: {} })
      expect([method, url, answer.status, answer.body]).toEqual([method, url, 403, { message: 'Forbidden' }])
    }
  }
})

test('the API description names the permission of every route, out of the declaration that is enforced', async () => {
  await using server = await startServer()
  const answer = await server.call({ path: '/api/openapi.json' })
  const { paths } = answer.body as {
    paths: Record<string, Record<string, { description?: string; security?: unknown }>>
  }
  const described = guardedRoutes(server).filter(({ url }) => url.startsWith('/api/'))
  for (const { method, url, access } of described) {
    const operation = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    const { permission = 'all' } = access
    expect([method, url, operation?.description]).toEqual([
      method,
      url,
      expect.stringContaining(permission === false ? 'any' : `\`${permission}\``),
    ])
    expect([method, url, operation?.security]).not.toEqual([method, url, undefined])
  }
})
