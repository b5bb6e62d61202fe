import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import {
  gran,
  houseInMemory,
  proxy,
  requestOf,
  saying,
  stranger,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { canaryOf, decodeSighting, type CheckNonces } from '../sign-in-check/sign-in-check.ts'
import { createCanaryHook } from './canary-hook.ts'

type House = Parameters<typeof houseInMemory>[0]
type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const nonce = 'n'.repeat(43)
const canary = canaryOf(nonce)
const probe = (name = 'X-Porchlight-Check'): [string, string] => [name, nonce]
const answer = { message: 'The sign-in check was here' }

function house(more: House = {}, isLive: CheckNonces['isLive'] = async (one) => one === nonce) {
  const built = houseInMemory(more)
  return { ...built, ...createCanaryHook({ ...built, nonces: { isLive } }) }
}

/** What becomes of a request before any route has seen it; undefined: the hook lets it go on. */
async function knock(sent: Sent, { hook = house() } = {}) {
  const hooks: [string, Hook][] = []
  hook.answerProbes({ addHook: (...of: [string, Hook]) => void hooks.push(of) } as unknown as HttpServer)
  expect(hooks.map(([name]) => name)).toEqual(['onRequest'])
  const told: { type?: string; headers?: Record<string, string>; body?: string } = {}
  const reply = {
    type: (type: string) => ((told.type = type), reply),
    headers: (headers: Record<string, string>) => ((told.headers = headers), reply),
    send: (body: string) => ((told.body = body), reply),
  }
  const returned = await hooks[0]?.[1](requestOf(sent), reply as unknown as FastifyReply)
  if (returned !== undefined) return told
  expect(told).toEqual({})
  return undefined
}

async function seen(sent: Sent, rules: House = {}) {
  const told = await knock({ ...sent, lines: [...(sent.lines ?? []), probe()] }, { hook: house(rules) })
  const sighting = decodeSighting((told ?? {}).headers?.['X-Porchlight-Saw'])
  if (!sighting) throw new Error('the probe was not answered')
  return sighting
}

test('a probe is answered before any route, in a form that no cache keeps', async () => {
  const told = await knock({ lines: [probe()] })
  expect(told).toMatchObject({
    type: 'application/json; charset=utf-8',
    headers: { 'Cache-Control': 'no-store', 'X-Porchlight-Saw': expect.any(String) },
  })
  expect(JSON.parse(told?.body ?? '')).toEqual(answer)
})

test('who does not know a nonce learns nothing, and is an ordinary request', async () => {
  const asked: string[] = []
  const hook = house({}, async (one) => (asked.push(one), false))
  expect(await knock({ lines: saying(gran) }, { hook })).toBeUndefined()
  expect(asked).toEqual([])
  expect(await knock({ lines: [['X-Porchlight-Check', 'guess']] }, { hook })).toBeUndefined()
  expect(asked).toEqual(['guess'])
  const listed = Object.assign(requestOf(), { headers: { 'x-porchlight-check': [nonce] } })
  Object.assign(listed.raw, { headers: listed.headers })
  const hooks: Hook[] = []
  hook.answerProbes({ addHook: (_: string, one: Hook) => void hooks.push(one) } as unknown as HttpServer)
  expect(await hooks[0]?.(listed, {} as FastifyReply)).toBeUndefined()
  expect(asked).toEqual(['guess'])
})

test('a probe opens no account and no session, whatever it says of itself', async () => {
  const hook = house()
  await knock({ lines: [...saying(canary.email), probe()] }, { hook })
  expect([hook.people.length, hook.live, hook.seenFrom]).toEqual([2, [], []])
})

test('the probe that came through the proxy is told what arrived', async () => {
  const lines: [string, string][] = [
    ['Host', 'photos.example'],
    ['X-Forwarded-For', '192.0.2.9'],
    ['X-Forwarded-Proto', 'https'],
    ['Forwarded', 'for=192.0.2.9'],
    ['X-Real-IP', '192.0.2.9'],
    ['Via', '1.1 proxy'],
    ['X-Own', 'Forwarded'],
    ['Viaduct', 'x'],
    ['Forwarded-By', 'x'],
    ['X-Real-IP-Address', 'x'],
    ['X-My-Via', 'x'],
    ...saying(gran),
  ]
  expect(await seen({ lines })).toEqual({
    peer: proxy,
    network: '10.3.3.0/24',
    trusted: true,
    host: 'photos.example',
    verdict: { who: 'somebody', email: 'g***@home.example' },
    spelling: 'canonical',
    headers: [
      { name: 'Remote-Email', field: 'email', lines: 1, holds: ['something'], value: 'g***@home.example' },
    ],
    forwarded: ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'x-real-ip', 'via'],
  })
})

test('a probe past the proxy is told that it is not believed', async () => {
  expect(await seen({ peer: stranger, lines: saying(gran) })).toMatchObject({
    peer: stranger,
    network: null,
    trusted: false,
    verdict: { refused: 'untrusted_peer' },
  })
})

test('a probe by the unix socket has no address, and is trusted where the socket is', async () => {
  const bySocket: Sent = { peer: undefined, viaUnixSocket: true }
  const networks = { networks: [] }
  const trusted = await seen(bySocket, { trustedHeader: { ...networks, unixSocket: true } })
  expect(trusted).toMatchObject({
    peer: null,
    network: null,
    trusted: true,
    verdict: { refused: 'no_identity' },
  })
  const not = await seen(bySocket, { trustedHeader: { unixSocket: false } })
  expect(not).toMatchObject({ peer: null, network: null, trusted: false })
})

test('the network that is named is the first that holds the peer, and where none does, none', async () => {
  const networks = ['192.168.0.0/16', '10.3.3.0/24', '10.0.0.0/8']
  expect((await seen({}, { trustedHeader: { networks } })).network).toBe('10.3.3.0/24')
})

test('the check can come before the switch: it says how it would be', async () => {
  const off = { trustedHeader: { enabled: false } }
  expect(await seen({ lines: saying(gran) }, off)).toMatchObject({
    verdict: { who: 'somebody' },
    trusted: true,
  })
})

test('without any proof that it is the proxy, nobody is trusted', async () => {
  const none = { trustedHeader: { enabled: false, networks: [] } }
  expect(await seen({ lines: saying(gran) }, none)).toMatchObject({
    verdict: { refused: 'off' },
    trusted: false,
  })
})

test('a canary that a client set itself is recognised behind the proxy', async () => {
  const { verdict, headers } = await seen({ lines: saying(canary.email) })
  expect(verdict).toEqual({ who: 'canary', email: canary.email })
  expect(headers).toMatchObject([{ field: 'email', holds: ['canary'] }])
})

test('a canary that comes twice, past the proxy, or beside something else is only refused', async () => {
  const twice = await seen({ lines: [...saying(canary.email), ...saying(gran)] })
  expect(twice.verdict).toEqual({ refused: 'header_repeated' })
  const outside = await seen({ lines: saying(canary.email), peer: stranger })
  expect(outside.verdict).toEqual({ refused: 'untrusted_peer' })
  expect((await seen({ lines: saying('nonsense') })).verdict).toEqual({ refused: 'bad_email' })
  expect((await seen({ lines: saying(`${canary.email},x`) })).verdict).not.toHaveProperty('who')
})

test('another check’s canary is not ours', async () => {
  const other = canaryOf('m'.repeat(43))
  expect((await seen({ lines: saying(other.email) })).verdict).toEqual({ refused: 'bad_email' })
})

test('a canary in another header is no canary’s verdict', async () => {
  const name: [string, string] = ['Remote-Name', canary.email]
  for (const lines of [
    [...saying('nonsense'), name],
    [name, ...saying('nonsense')],
  ])
    expect((await seen({ lines })).verdict).toEqual({ refused: 'bad_email' })
})

test.each([
  ['X-Porchlight-Check', 'canonical'],
  ['x-PORCHLIGHT-check', 'kept'],
  ['x-porchlight-check', 'lower'],
  ['X-PORCHLIGHT-CHECK', 'other'],
])('proxies are told apart by how they spell names: %s is %s', async (name, spelling) => {
  // A value that looks like the name is none.
  const lines = [['X-Odd', 'x-porchlight-check'] as const, probe(name)]
  const told = await knock({ lines })
  expect(decodeSighting(told?.headers?.['X-Porchlight-Saw'])?.spelling).toBe(spelling)
})

test('a long host is cut, and none is none', async () => {
  expect((await seen({ lines: [['Host', 'h'.repeat(500)]] })).host).toBe('h'.repeat(100))
  expect((await seen({})).host).toBe('')
})

test('an admin sees of her own request what the settings that she tries would make of it', async () => {
  const { sight, inForce } = house()
  const request = requestOf({ lines: saying(gran) })
  expect(await sight(request, inForce)).toMatchObject({ verdict: { who: 'somebody' }, spelling: 'other' })
  const others = houseInMemory({ trustedHeader: { networks: ['192.0.2.0/24'] } }).inForce
  expect(await sight(request, others)).toMatchObject({ verdict: { refused: 'untrusted_peer' } })
})

test('a bad address in a signed assertion is only refused: no header said it', async () => {
  const { settings, inForce } = houseInMemory()
  const nonces = { isLive: async () => true }
  const verdictOn = () => ({ refused: 'bad_email', fromProxy: true }) as const
  const { sight } = createCanaryHook({ settings, nonces, verdictOn })
  expect((await sight(requestOf(), inForce)).verdict).toEqual({ refused: 'bad_email' })
})

type Upgrade = Parameters<ReturnType<ReturnType<typeof house>['beforeUpgrade']>>

/** An upgrade to a websocket: what was written on the socket, and whether the request went on. */
async function upgrade(sent: Sent, hook = house()) {
  const told = { wentOn: 0, written: '', destroyed: 0 }
  const listeners: Record<string, () => void> = {}
  const socket = {
    on: (name: string, listener: () => void) => void (listeners[name] = listener),
    end: (text: string) => void (told.written += text),
    destroy: () => void told.destroyed++,
  }
  const request = requestOf(sent).raw
  const head = Buffer.alloc(0)
  const all = [request, socket, head] as unknown as Upgrade
  hook.beforeUpgrade((...of) => {
    expect(of).toEqual(all)
    told.wentOn++
  })(...all)
  await new Promise((done) => setTimeout(done, 5))
  return { ...told, listeners, told }
}

test('an upgrade that is no probe goes on at once, and nothing listens on its socket', async () => {
  const { wentOn, written, listeners } = await upgrade({ lines: saying(gran) })
  expect([wentOn, written, listeners]).toEqual([1, '', {}])
})

test('an upgrade that does not know a nonce goes on', async () => {
  const { wentOn, written, destroyed } = await upgrade({ lines: [['X-Porchlight-Check', 'guess']] })
  expect([wentOn, written, destroyed]).toEqual([1, '', 0])
})

test('a probe that asks for an upgrade is answered plainly, and the connection ends', async () => {
  const { wentOn, written, destroyed } = await upgrade({ lines: [...saying(canary.email), probe()] })
  expect([wentOn, destroyed]).toEqual([0, 0])
  const [top = '', body = ''] = written.split('\r\n\r\n')
  const [status, ...fields] = top.split('\r\n')
  const headers = Object.fromEntries(fields.map((line) => line.split(': ')))
  expect(status).toBe('HTTP/1.1 200 OK')
  expect(headers).toEqual({
    Connection: 'close',
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(body.length),
    'X-Porchlight-Saw': expect.any(String),
  })
  expect(JSON.parse(body)).toEqual(answer)
  const sighting = decodeSighting(String(headers['X-Porchlight-Saw']))
  expect(sighting?.verdict).toEqual({ who: 'canary', email: canary.email })
})

test('a probe whose connection breaks, or that cannot be answered, ends', async () => {
  const { listeners, told } = await upgrade({ lines: [probe()] })
  listeners.error?.()
  expect(told.destroyed).toBe(1)
  const broken = house({}, () => Promise.reject(new Error('disk')))
  const { wentOn, written, destroyed } = await upgrade({ lines: [probe()] }, broken)
  expect([wentOn, written, destroyed]).toEqual([0, '', 1])
})
