import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { parseNetworks } from './networks.ts'
import { expectedVerdict, pictures, quotas, type Line } from './test-reference.ts'
import type { NameEncoding } from './policy.ts'

const proxy = '10.3.3.2'
const parsed = parseNetworks(proxy)
if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
const { networks } = parsed

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const base64Of = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const policies = fc
  .record({
    id: optional(fc.constantFrom('remote-user', 'Remote-Email')),
    name: optional(fc.constant('remote-name')),
    groups: optional(fc.constant('remote-groups')),
    picture: optional(fc.constant('remote-picture')),
    quota: optional(fc.constant('remote-quota')),
    groupSeparator: optional(fc.constantFrom(',', ';', '|', '; ')),
    nameEncoding: optional(fc.constantFrom<NameEncoding>('utf-8', 'latin1', 'percent', 'base64', 'rfc2047')),
  })
  .map(({ groupSeparator, nameEncoding, ...fields }) => {
    const said = Object.entries(fields).filter(([, name]) => name !== undefined)
    const headers = { email: 'remote-email', ...Object.fromEntries(said) }
    return {
      enabled: true,
      networks,
      headers,
      ...(groupSeparator !== undefined && { groupSeparator }),
      ...(nameEncoding !== undefined && { nameEncoding }),
    }
  })

const email = fc.constantFrom('gran@home.example', 'Gran@Home.example', 'boss@home.example', '-', 'gran', '')
const word = fc.constantFrom('users', 'Users', 'admins', 'a b', 'Zoë', '祖母', ' ', '-', '', 'x'.repeat(20))
const joined = fc
  .tuple(fc.array(word, { maxLength: 5 }), fc.constantFrom(',', ';', '; ', '|', ', '))
  .map(([words, join]) => words.join(join))
const text = fc.oneof(
  joined,
  word,
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('{x}', '(null)', '%41', 'A%', 'a_b'),
)
const written = fc.oneof(
  text.map(bytesOf),
  text.map(encodeSafely),
  text.map(base64Of),
  text.map((one) => `=?utf-8?b?${base64Of(one)}?=`),
  text.map(
    (one) => `a =?UTF-8?Q?${encodeSafely(one).replaceAll('%', '=').replaceAll('_', '=5F')}?= =?utf-8?q?b_c?=`,
  ),
  fc.string({ unit: 'binary-ascii' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
)
function encodeSafely(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

/** Lines as they come: mostly one of each, sometimes none or two, sometimes each value as if it was sent twice. */
const lines = fc
  .record({
    email,
    id: fc.oneof(fc.constantFrom('gran', 'Gran', '', '-', 'a b', 'uid=gran,ou=x'), fc.string()),
    name: written,
    groups: fc.oneof(joined.map(bytesOf), written),
    picture: fc.constantFrom(...Object.keys(pictures)),
    quota: fc.constantFrom(...Object.keys(quotas)),
    join: fc.constantFrom(undefined, undefined, undefined, ',', ', '),
    left: fc.subarray(['remote-user', 'remote-name', 'remote-groups', 'remote-picture', 'remote-quota']),
    extra: fc.array(
      fc.tuple(
        fc.constantFrom('Host', 'Remote-Groups', 'remote_name', 'remote-user', 'Accept', 'r'),
        written,
      ),
      { maxLength: 1 },
    ),
  })
  .map(({ join, left, extra, ...said }): Line[] => {
    const all: Line[] = [
      ['Remote-Email', said.email],
      ['Remote-User', said.id],
      ['Remote-Name', said.name],
      ['Remote-Groups', said.groups],
      ['Remote-Picture', said.picture],
      ['Remote-Quota', said.quota],
    ]
    const sent = all.filter(([name]) => !left.includes(name.toLowerCase()))
    return [
      ...sent.map(([name, value]): Line => [name, join === undefined ? value : value + join + value]),
      ...extra,
    ]
  })

test('every field of every person is what the rules say', () => {
  fc.assert(
    fc.property(policies, lines, (policy, lines) => {
      const verdict = decide(policy, { peer: proxy, rawHeaders: lines.flat() })
      expect(verdict).toEqual(expectedVerdict({ lines, policy }))
    }),
    { numRuns: 6000 },
  )
})

test('the people that are made up are of every kind, so that the test above can fail', () => {
  const kinds = new Set<string>()
  for (const [policy, made] of fc.sample(fc.tuple(policies, lines), 4000)) {
    const verdict = decide(policy, { peer: proxy, rawHeaders: made.flat() })
    if ('refused' in verdict) kinds.add(verdict.refused)
    else for (const field of Object.keys(verdict.identity)) kinds.add(field)
  }
  const wanted =
    'email id name groups picture quotaBytes header_alias header_repeated no_identity bad_email no_id bad_id'
  expect([...kinds].toSorted()).toEqual(wanted.split(' ').toSorted())
})
