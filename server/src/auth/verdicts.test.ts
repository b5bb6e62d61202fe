import { expect, test } from 'vitest'
import {
  auditInMemory,
  gran,
  proxy,
  requestOf,
  saying,
  settingsOf,
  stranger,
  type Rules,
  type Sent,
} from '../../test/front-door-in-memory.ts'
import type { Assertions } from './assertions.ts'
import { createVerdicts } from './verdicts.ts'

const assertion = {
  header: 'x-assertion',
  jwksUrl: 'https://id.example/keys',
  issuer: 'https://id.example',
  audience: 'porchlight',
  algorithms: ['ES256' as const],
  claims: { email: 'email', id: '', name: 'name', groups: 'groups', picture: '', quota: '' },
}

function door(rules: Rules = {}, found: Awaited<ReturnType<Assertions['verify']>> = { claims: {} }) {
  const verified: unknown[] = []
  const assertions: Assertions = { verify: async (...of) => (verified.push(of), found) }
  const counted: string[] = []
  const { audit, told } = auditInMemory()
  const metrics = { verdict: (code: string) => void counted.push(code) }
  const verdictOn = createVerdicts({ assertions, audit, metrics })
  const ask = (sent: Sent) => verdictOn(requestOf(sent), settingsOf(rules))
  return { ask, told, counted, verified }
}

test('whom the proxy names, it vouches for, and that is counted', () => {
  const { ask, told, counted, verified } = door()
  expect(ask({ lines: saying(gran) })).toEqual({ identity: { email: gran } })
  expect(counted).toEqual(['vouched'])
  expect([...told, ...verified]).toEqual([])
})

test('a stranger who names somebody goes into the audit', () => {
  const { ask, told, counted } = door()
  expect(ask({ lines: saying(gran), peer: stranger })).toEqual({
    refused: 'untrusted_peer',
    fromProxy: false,
  })
  expect(counted).toEqual(['untrusted_peer'])
  expect(told).toEqual([{ kind: 'spoof_refused', code: 'untrusted_peer', peer: stranger }])
})

test('a stranger who names nobody is no news, nor is a proxy that names nobody', () => {
  const { ask, told, counted } = door()
  expect(ask({ peer: stranger })).toMatchObject({ refused: 'untrusted_peer' })
  expect(ask({})).toMatchObject({ refused: 'no_identity', fromProxy: true })
  expect(ask({ lines: saying('nonsense') })).toMatchObject({ refused: 'bad_email', fromProxy: true })
  expect(told).toEqual([])
  expect(counted).toEqual(['untrusted_peer', 'no_identity', 'bad_email'])
})

test('while the feature is off, identity headers are not even looked at', () => {
  const { ask, told, counted } = door({ trustedHeader: { enabled: false } })
  expect(ask({ lines: saying(gran), peer: stranger })).toMatchObject({ refused: 'off' })
  expect(counted).toEqual(['off'])
  expect(told).toEqual([])
})

test('where nothing proves that it is the proxy, everything is as if the feature were off', () => {
  const { ask, told } = door({ trustedHeader: { networks: [] } })
  expect(ask({ lines: saying(gran), peer: stranger })).toMatchObject({ refused: 'off' })
  expect(told).toEqual([])
})

test('an address that is nobody’s is refused and counted as such', () => {
  const { ask, counted } = door()
  expect(ask({ lines: saying('canary@porchlight.invalid') })).toEqual({
    refused: 'bad_email',
    fromProxy: true,
  })
  expect(counted).toEqual(['bad_email'])
})

const signed: [string, string][] = [['X-Assertion', 'a.b.c']]

test('with assertions on, the one that came is verified by the settings, and its claims speak', async () => {
  const claims = { email: gran, name: 'Gran' }
  const { ask, verified, counted } = door({ trustedHeader: { assertion } }, { claims })
  expect(await ask({ lines: signed })).toMatchObject({ identity: { email: gran, name: 'Gran' } })
  expect(verified).toEqual([['a.b.c', assertion]])
  expect(counted).toEqual(['vouched'])
})

test('a bad assertion is refused, and a plain header beside it says nothing', async () => {
  const { ask, counted } = door({ trustedHeader: { assertion } }, { refused: 'assertion_expired' })
  const lines = [...signed, ...saying(gran)]
  expect(await ask({ lines })).toMatchObject({ refused: 'assertion_expired', fromProxy: true })
  expect(counted).toEqual(['assertion_expired'])
})

test('with assertions on, nothing is verified where none came, or where it came from a stranger', () => {
  const { ask, verified } = door({ trustedHeader: { assertion } })
  expect(ask({ lines: saying(gran) })).toMatchObject({ refused: 'no_assertion' })
  expect(ask({ lines: signed, peer: stranger })).toMatchObject({ refused: 'untrusted_peer' })
  expect(verified).toEqual([])
})

test('the peer in the audit is the socket’s, not what a header says', () => {
  const { ask, told } = door({ trustedHeader: { networks: ['192.0.2.1/32'] } })
  const lines: [string, string][] = [...saying(gran), ['X-Forwarded-For', '192.0.2.1']]
  expect(ask({ lines })).toMatchObject({ refused: 'untrusted_peer' })
  expect(told).toMatchObject([{ peer: proxy }])
})
