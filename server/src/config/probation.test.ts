import { expect, test } from 'vitest'
import { onProbation, readStored, rolledBack, signInChanges, writeStored } from './probation.ts'

const now = new Date('2026-11-23T12:00:00Z')
const stored = { trustedHeader: { enabled: true, networks: ['10.3.3.0/24'] }, theme: { customCss: 'a' } }
const change = { id: 'one', by: 'admin', vouched: false, changed: ['trustedHeader.networks'], now }

test('a change to sign-in runs for a minute', () => {
  const probation = onProbation({ stored, probation: undefined }, change)
  expect(probation).toMatchObject({ until: '2026-11-23T12:01:00.000Z', by: 'admin', vouched: false })
})

test('rolled back, sign-in is as before and everything else as it is now', () => {
  const probation = onProbation({ stored, probation: undefined }, change)
  const changed = {
    trustedHeader: { enabled: true, networks: ['10.9.9.9/32'], onConflict: 'refuse' },
    theme: {},
  }
  expect(rolledBack({ ...changed, trash: { days: 3 } }, probation)).toEqual({
    trustedHeader: { enabled: true, networks: ['10.3.3.0/24'] },
    trash: { days: 3 },
  })
})

test('a second change within the minute goes back to what was there before both', () => {
  const first = onProbation({ stored, probation: undefined }, { ...change, vouched: true })
  const later = new Date(now.getTime() + 30_000)
  const again = { ...change, id: 'two', changed: ['passwordLogin.enabled'], now: later }
  const second = onProbation({ stored: { trustedHeader: { enabled: false } }, probation: first }, again)
  expect(second).toMatchObject({
    id: 'two',
    until: '2026-11-23T12:01:30.000Z',
    changed: ['trustedHeader.networks', 'passwordLogin.enabled'],
    vouched: true,
  })
  expect(rolledBack({}, second)).toEqual({ trustedHeader: stored.trustedHeader })
})

test('only what can shut an admin out is about sign-in', () => {
  const before = { trustedHeader: { enabled: false }, server: { externalDomain: '', loginPageMessage: '' } }
  const after = {
    trustedHeader: { enabled: true },
    server: { externalDomain: 'https://a.example', loginPageMessage: 'Hi' },
  }
  expect(signInChanges(before, after)).toEqual(['trustedHeader.enabled', 'server.externalDomain'])
  expect(signInChanges(before, before)).toEqual([])
})

test('settings and probation are one text, and come apart again', () => {
  const probation = onProbation({ stored, probation: undefined }, change)
  expect(readStored(writeStored({ stored, probation }))).toEqual({ stored, probation })
  expect(readStored(writeStored({ stored, probation: undefined }))).toEqual({ stored, probation: undefined })
})

test.each(['[]', 'null', '{"$probation":true}', '{"$probation":{"id":"one"}}'])(
  '%s holds neither settings nor a probation',
  (text) => {
    expect(readStored(text)).toEqual({ stored: {}, probation: undefined })
  },
)
