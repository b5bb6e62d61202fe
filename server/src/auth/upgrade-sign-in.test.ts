import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import {
  anna,
  gran,
  houseInMemory,
  person,
  requestOf,
  saying,
  stranger,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import { createUpgradeSignIn } from './upgrade-sign-in.ts'

/** Gran’s header session is `s1`, her password session `s2`. */
function house(more: Parameters<typeof houseInMemory>[0] = {}) {
  const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true })
  const built = houseInMemory({
    people: [admin, person(), person({ id: 'anna-id', email: anna })],
    externalDomain: 'https://photos.example',
    ...more,
  })
  built.begin({ userId: 'gran-id', method: 'trusted-header' })
  built.begin({ userId: 'gran-id', method: 'password' })
  const parseCookie = (text: string) => Object.fromEntries(text.split('; ').map((one) => one.split('=')))
  const admit = createUpgradeSignIn({ ...built, parseCookie })
  const open = ({ url = '/api/socket.io/?EIO=4', cookie, lines = [], ...sent }: Sent) => {
    const cookies = cookie === undefined ? [] : [['Cookie', `immich_access_token=${cookie}`] as const]
    const all = [['Host', 'photos.example'] as const, ...lines, ...cookies]
    const { raw, headers } = requestOf({ ...sent, lines: all, url })
    const { socket, rawHeaders } = raw
    return admit({
      socket,
      rawHeaders,
      headers,
      url,
      method: sent.method ?? 'GET',
    } as unknown as IncomingMessage)
  }
  return { ...built, open }
}

const refused = (status: number, message: string, code?: string) => ({
  refused: expect.objectContaining({ status, message, code }),
})
const bySession = (sessionId: string, method: string) => ({
  admitted: { by: 'session', userId: 'gran-id', sessionId, method },
})
const own: [string, string] = ['Origin', 'https://photos.example']
const foreign: [string, string] = ['Origin', 'https://evil.example']
const foreignSite = refused(403, 'The request came from another site', 'cross_origin')

test('Gran’s socket is her session’s, and ends with it', async () => {
  const { open } = house()
  expect(await open({ cookie: 's2-token', lines: [own] })).toEqual(bySession('s2', 'password'))
  const lines = [own, ...saying(gran)]
  expect(await open({ cookie: 's1-token', lines })).toEqual(bySession('s1', 'trusted-header'))
})

test('a program without a browser needs no origin', async () => {
  expect(await house().open({ cookie: 's2-token' })).toEqual(bySession('s2', 'password'))
})

test('a page of another site opens no socket with Gran’s cookie or header', async () => {
  const { open, counted } = house()
  expect(await open({ cookie: 's2-token', lines: [foreign] })).toEqual(foreignSite)
  expect(await open({ lines: [foreign, ...saying(gran)] })).toEqual(foreignSite)
  expect(await open({ cookie: 's2-token', lines: [foreign, ['Sec-Fetch-Site', 'same-origin']] })).toEqual(
    foreignSite,
  )
  expect(counted).toEqual([])
})

test('our own page opens one even where the browser marks the handshake otherwise', async () => {
  const lines = [own, ['Sec-Fetch-Site', 'cross-site'] as const]
  expect(await house().open({ cookie: 's2-token', lines })).toEqual(bySession('s2', 'password'))
})

test('the token of an app is no browser’s doing, in a header or in the address', async () => {
  const { open } = house()
  const password = bySession('s2', 'password')
  expect(await open({ lines: [foreign, ['Authorization', 'Bearer s2-token']] })).toEqual(password)
  expect(await open({ lines: [foreign], url: '/api/socket.io/?EIO=4&sessionKey=s2-token' })).toEqual(password)
})

test('the proxy’s word alone opens no socket: it would have to be given again and again', async () => {
  const asked = await house().open({ lines: [own, ...saying(gran)] })
  expect(asked).toEqual(refused(401, 'A socket needs a session', 'session_required'))
})

test('Gran’s sessions open no socket where the proxy names Anna, or past the proxy', async () => {
  const { open } = house()
  const changed = refused(401, 'Somebody else is signed in now', 'identity_changed')
  expect(await open({ cookie: 's2-token', lines: saying(anna) })).toEqual(changed)
  const required = refused(401, 'Authentication required')
  expect(await open({ cookie: 's1-token', peer: stranger })).toEqual(required)
  expect(await open({})).toEqual(required)
})

test('an API key opens a socket if it has every right', async () => {
  const { open, keys } = house()
  keys.set('all', { apiKey: { id: 'a', permissions: ['all'] } as never, user: person() })
  keys.set('reads', { apiKey: { id: 'r', permissions: ['asset.read'] } as never, user: person() })
  const withKey = (secret: string) => open({ lines: [['X-Api-Key', secret]] })
  expect(await withKey('all')).toEqual({ admitted: { by: 'api-key', userId: 'gran-id', apiKeyId: 'a' } })
  expect(await withKey('reads')).toEqual(refused(403, 'Missing required permission: all'))
})

test('a shared link opens no socket, whoever is signed in beside it', async () => {
  const { open } = house({ visitAt: async () => ({ visit: {} as never }) })
  const asked = await open({ url: '/api/socket.io/?key=k', cookie: 's2-token' })
  expect(asked).toEqual(refused(403, 'Forbidden'))
})

test('what comes without an address and a method is still somebody', async () => {
  const { settings, whoIsAsking, begin } = house()
  begin({ userId: 'gran-id', method: 'password' })
  const seen: unknown[] = []
  const admit = createUpgradeSignIn({
    settings,
    whoIsAsking: (request) => (seen.push([request.url, request.method, request.query]), whoIsAsking(request)),
    parseCookie: () => ({ immich_access_token: 's2-token' }),
  })
  const { raw } = requestOf()
  const bare = { socket: raw.socket, rawHeaders: [], headers: {} } as unknown as IncomingMessage
  expect(await admit(bare)).toEqual(bySession('s2', 'password'))
  expect(seen).toEqual([['', 'GET', {}]])
})
