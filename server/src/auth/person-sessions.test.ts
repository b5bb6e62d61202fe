import { expect, test } from 'vitest'
import {
  gran,
  houseInMemory,
  person,
  proxy,
  replyInMemory,
  requestOf,
  type Sent,
} from '../../test/front-door-in-memory.ts'

async function start(sent: Sent = {}, externalDomain = '') {
  const house = houseInMemory({ externalDomain })
  const told = replyInMemory()
  const token = await house.startSession(
    { request: requestOf(sent), reply: told.reply },
    person(),
    'password',
  )
  return { ...house, ...told, token }
}

const year = 400 * 24 * 60 * 60

test('a session begins with Immich’s three cookies, of which scripts read only that there is one', async () => {
  const { token, cookies, live } = await start()
  const common = { path: '/', sameSite: 'lax', secure: false, maxAge: year, expires: expect.any(Date) }
  expect(cookies).toEqual({
    immich_access_token: { ...common, value: token, httpOnly: true },
    immich_auth_type: { ...common, value: 'password', httpOnly: true },
    immich_is_authenticated: { ...common, value: 'true' },
  })
  expect(token).toBe('s1-token')
  expect(live).toMatchObject([{ id: 's1', userId: 'gran-id', method: 'password' }])
})

test('browsers that know only a date keep the cookies just as long', async () => {
  const expires = (await start()).cookies.immich_access_token?.expires as Date
  expect(Math.abs(expires.getTime() - Date.now() - year * 1000)).toBeLessThan(60_000)
})

test('where the browser came by https, the cookies go nowhere else', async () => {
  const { cookies } = await start({ lines: [['X-Forwarded-Proto', 'https']] })
  expect(Object.values(cookies).map(({ secure }) => secure)).toEqual([true, true, true])
})

test('the session knows its device and from where it began', async () => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const lines: [string, string][] = [
    ['User-Agent', agent],
    ['X-Forwarded-For', '192.0.2.9'],
  ]
  const { live } = await start({ lines })
  expect(live).toMatchObject([{ device: { type: 'Firefox', os: 'Linux' }, seenFrom: '192.0.2.9' }])
})

test('it is counted and told to the audit', async () => {
  const { counted, told } = await start()
  expect(counted).toEqual(['signed in by password'])
  const about = { userId: 'gran-id', email: gran, peer: proxy }
  expect(told).toEqual([{ kind: 'signed_in', method: 'password', ...about }])
})

test.each<[string, string, string | undefined, boolean]>([
  ['the public address, which says https', 'https://photos.example', 'Photos.example', true],
  ['the public address with its port', 'https://photos.example:8443/', 'photos.example:8443', true],
  ['another name', 'https://photos.example', 'photos.lan', false],
  ['no name at all', 'https://photos.example', undefined, false],
  ['the public address, which says http', 'http://photos.example', 'photos.example', false],
  ['a public address that is none', 'https://', 'photos.example', false],
])(
  'where the browser came by %s, the cookies go by https alone, or not',
  async (_what, domain, host, secure) => {
    const { cookies } = await start({ lines: host === undefined ? [] : [['Host', host]] }, domain)
    expect(cookies.immich_access_token?.secure).toBe(secure)
  },
)
