import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { parseEmail } from './email.ts'
import { parseNetworks } from './networks.ts'
import { refusalCodes } from './refusals.ts'
import type { Policy } from './policy.ts'
import type { Arrival, Verdict } from './verdict.ts'

const proxy = '10.3.3.2'
const parsed = parseNetworks('10.3.3.0/24')
if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
const policy: Policy = { enabled: true, networks: parsed.networks, headers: { email: 'remote-email' } }

type Line = [name: string, value: string]
const aliases = ['remote_email', 'REMOTE.EMAIL', 'remoteemail', 'Remote--Email']
const people = ['gran@home.example', 'boss@home.example', 'admin@local', 'GRAN@HOME.EXAMPLE', 'a@b@c']
const nobody = ['-', '', 'null', '{x}', ' ']
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('remote-email', 'Remote-Email') },
  { weight: 2, arbitrary: fc.constantFrom(...aliases, 'x-email', 'Host', '') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const word = fc.constantFrom(...people, ...nobody)
const value = fc.oneof(
  word,
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(', ')),
  word.map((text) => `${text},${text}`),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.emailAddress(),
)
const lines = fc.array(fc.tuple(name, value), { maxLength: 4 })

const fromProxy = (lines: readonly Line[]): Verdict =>
  decide(policy, { peer: proxy, rawHeaders: lines.flat() })
const emailIn = (verdict: Verdict) => ('identity' in verdict ? verdict.identity.email : undefined)

/** Either a code that is documented, or an address in canonical form by a grammar said once more. */
function isLawful(verdict: Verdict): boolean {
  if ('refused' in verdict) return refusalCodes.includes(verdict.refused)
  const [local = '', domain = '', ...more] = verdict.identity.email.split('@')
  return (
    more.length === 0 &&
    /^[a-z0-9!#&'*+./=?^_`|~-]{1,64}$/.test(local) &&
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain)
  )
}

/** The rules said once more, on pairs, by a filter at a time. */
function expectedEmail(lines: readonly Line[]): string | undefined {
  const near = lines.filter(([name]) => name.replace(/[^a-zA-Z0-9]+/g, '').toLowerCase() === 'remoteemail')
  const [only] = near
  if (only === undefined || near.length > 1 || !/^remote-email$/i.test(only[0])) return undefined
  const values = new Set(
    only[1].split(',').map((part) => /^[ \t]*(?<inner>.*?)[ \t]*$/s.exec(part)?.groups?.['inner']),
  )
  const [first = ''] = values
  const bytes = Buffer.from(first, 'latin1')
  const text = bytes.toString('utf8')
  const isUtf8 = bytes.toString('latin1') === first && Buffer.from(text, 'utf8').equals(bytes)
  return values.size === 1 && isUtf8 ? parseEmail(text) : undefined
}

test('an identity is what exactly one clean line says, and all else is a known refusal', () => {
  fc.assert(
    fc.property(lines, (lines) => {
      const verdict = fromProxy(lines)
      expect(emailIn(verdict)).toBe(expectedEmail(lines))
      expect(isLawful(verdict)).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('one clean line is found among any headers that are not near it', () => {
  const other = fc.tuple(fc.constantFrom('Host', 'remote-user', 'x-remote-email', 'cookie'), value)
  fc.assert(
    fc.property(fc.array(other), fc.array(other), fc.emailAddress(), (before, after, email) => {
      const canonical = parseEmail(email)
      fc.pre(canonical !== undefined)
      expect(emailIn(fromProxy([...before, ['Remote-Email', email], ...after]))).toBe(canonical)
    }),
  )
})

test('nothing that a client adds makes somebody else of a person', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const email = emailIn(fromProxy([...before, ['Remote-Email', 'gran@home.example'], ...after]))
      expect(['gran@home.example', undefined]).toContain(email)
    }),
    { numRuns: 1000 },
  )
})

test('nobody is let in while it is off, or from outside', () => {
  const inside = ['10.3.3.', '::ffff:10.3.3.', '::ffff:a03:3']
  const peer = fc
    .oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant(undefined))
    .filter((text) => !inside.some((start) => text?.toLowerCase().startsWith(start)))
  fc.assert(
    fc.property(peer, lines, (peer, lines) => {
      const rawHeaders = lines.flat()
      expect(decide({ ...policy, enabled: false }, { peer: proxy, rawHeaders })).toEqual({
        refused: 'off',
        fromProxy: false,
      })
      expect(decide(policy, { peer, rawHeaders })).toEqual({ refused: 'untrusted_peer', fromProxy: false })
    }),
  )
})

test('the answer is a verdict and never a throw, even for what no server hands over', () => {
  const anything = fc.anything({ withNullPrototype: true, withSparseArray: true, withTypedArray: true })
  const odd = fc.record({
    peer: fc.oneof(fc.constant(proxy), anything),
    rawHeaders: fc.oneof(
      anything,
      fc.array(anything),
      lines.map((pairs) => pairs.flat()),
    ),
  })
  fc.assert(
    fc.property(odd, (arrival) => {
      expect(isLawful(decide(policy, arrival as Arrival))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
