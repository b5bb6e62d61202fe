import { beforeAll, expect, it, vi } from 'vitest'
import type { ActivityEvent } from './activity-api.ts'
import type * as Words from './event-words.ts'

const gran = { id: 'g', name: 'Gran', email: 'gran@home.example' }
const event: ActivityEvent = {
  id: '1',
  kind: 'sign_in_refused',
  title: 'Sign-in refused',
  code: 'unknown_person',
  reason: 'Add the person.',
  method: 'trusted-header',
  person: null,
  actor: null,
  email: gran.email,
  peer: '10.3.3.2',
  details: null,
  count: 1,
  firstAt: '2026-11-23T10:00:00.000Z',
  lastAt: '2026-11-23T10:00:00.000Z',
}

let words: typeof Words
beforeAll(async () => {
  vi.stubGlobal('navigator', { language: 'en-GB' })
  vi.stubEnv('TZ', 'UTC')
  words = await import('./event-words.ts')
})

it('says when, and how often between when and when', () => {
  expect(words.whenWords(event)).toMatch(/23 Nov.*10:00/)
  const many = words.whenWords({ ...event, count: 1214, lastAt: '2026-11-23T10:59:00.000Z' })
  expect(many).toMatch(/^1,214 times between .*10:00 and 10:59$/)
  expect(words.whenWords({ ...event, count: 2 })).toMatch(/^2 times, [^–]*10:00$/)
})

it('names the person, else the address that was claimed', () => {
  expect(words.whoWords(event)).toBe(gran.email)
  expect(words.whoWords({ ...event, person: gran })).toBe('Gran')
  expect(words.whoWords({ person: gran, email: 'oma@home.example' })).toBe('Gran (oma@home.example)')
  expect(words.whoWords({ person: { id: 'x', name: null, email: null }, email: null })).toBe(
    'a deleted account',
  )
  expect(words.whoWords({ person: null, email: 'others' })).toBe('various addresses')
  expect(words.whoWords({ person: null, email: null })).toBeUndefined()
})

it('says how, from where and by whom', () => {
  expect(words.howWords(event)).toBe('by the proxy’s word · from 10.3.3.2')
  expect(words.howWords({ method: 'oauth', peer: 'others', actor: gran })).toBe(
    'by oauth · from various addresses · done by Gran',
  )
  expect(words.howWords({ method: null, peer: null, actor: null })).toBe('')
})

it('shows what a setting was and is, and nothing that stayed', () => {
  const lines = words.detailLines({
    before: { trustedHeader: { enabled: false, networks: [], autoRegister: true } },
    after: { trustedHeader: { enabled: true, networks: ['10.3.3.0/24', 'fd00:3::/32'], autoRegister: true } },
    path: 'admin page',
  })
  expect(lines).toEqual([
    { name: 'trustedHeader.enabled', before: 'no', value: 'yes' },
    { name: 'trustedHeader.networks', before: 'nothing', value: '10.3.3.0/24, fd00:3::/32' },
    { name: 'path', value: 'admin page' },
  ])
  expect(words.detailLines(null)).toEqual([])
})
