import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portNear } from './child-processes.ts'
import { openFrontDoor } from './front-door.ts'

const gran = { id: 'gran', name: 'Gran', email: 'gran@home.example' }
const house = createServer(({ headers }, answer) => void answer.end(JSON.stringify(headers)))
let door: Awaited<ReturnType<typeof openFrontDoor>>

beforeAll(async () => {
  await new Promise<void>((resolve) => house.listen(0, '127.0.0.1', resolve))
  const { port } = house.address() as AddressInfo
  door = await openFrontDoor({ port: await portNear(0), people: [gran], portFor: () => port })
})
afterAll(() => {
  door.close()
  house.close()
})

const signIn = (form: Record<string, string>) =>
  fetch(`${door.url}/front-door/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
  })

const arrives = async (headers: Record<string, string>) =>
  (await (await fetch(`${door.url}/photos`, { headers })).json()) as Record<string, string>

test('a visitor is asked who she is, and a script is turned away', async () => {
  const page = await fetch(`${door.url}/photos/1?a="b`, { headers: { accept: 'text/html' } })
  expect(await page.text()).toContain('name="who" value="gran"')
  expect((await fetch(`${door.url}/api/users/me`)).status).toBe(401)
})

test('whoever picks a name goes on to where she was going', async () => {
  const answer = await signIn({ who: 'gran', return: '/photos/1' })
  expect(answer.headers.get('location')).toBe('/photos/1')
  expect(answer.headers.get('set-cookie')).toContain('front_door=gran; Path=/; HttpOnly')
})

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', ''])(
  'the way on never leads to %j',
  async (elsewhere) => {
    expect((await signIn({ who: 'gran', return: elsewhere })).headers.get('location')).toBe('/')
  },
)

test('the house hears the name that was picked, and none that the browser made up', async () => {
  const madeUp = {
    'remote-email': 'admin@home.example',
    remote_email: 'admin@home.example',
    'remote-groups': 'admin',
  }
  const headers = await arrives({ cookie: 'front_door=gran', ...madeUp })
  const names = Object.entries(headers).filter(([name]) => name.startsWith('remote'))
  expect(names).toEqual([
    ['remote-email', 'gran@home.example'],
    ['remote-name', 'Gran'],
  ])
})

test('a request with an API key passes without any name', async () => {
  const headers = await arrives({
    'x-api-key': 'some-key',
    cookie: 'front_door=gran',
    'remote-email': 'a@b.example',
  })
  expect(headers['x-api-key']).toBe('some-key')
  expect(headers).not.toHaveProperty('remote-email')
})

test('signing out forgets the name', async () => {
  const answer = await fetch(`${door.url}/front-door/sign-out`, { headers: { cookie: 'front_door=gran' } })
  expect(answer.headers.get('set-cookie')).toContain('front_door=; Path=/; Max-Age=0')
})
