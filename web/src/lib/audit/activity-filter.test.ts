import { expect, it } from 'vitest'
import { addressOf, emptyFilter, filterOf, queryOf } from './activity-filter.ts'

it('keeps what is looked for in the address of the page', () => {
  const filter = { kind: 'signed_in', userId: 'gran', since: 'week', search: 'a & b' }
  expect(addressOf(filter)).toBe('?kind=signed_in&userId=gran&since=week&search=a+%26+b')
  expect(filterOf(new URLSearchParams(addressOf(filter)))).toEqual(filter)
  expect(addressOf(emptyFilter)).toBe('')
})

it('leaves out of a made-up address what it does not know', () => {
  expect(filterOf(new URLSearchParams('since=constructor&search=%20gran%20&other=1'))).toEqual({
    ...emptyFilter,
    search: 'gran',
  })
})

it('asks the server for a time and the next page', () => {
  const now = Date.parse('2026-11-23T10:00:00.000Z')
  expect(queryOf(emptyFilter, { now })).toBe('')
  const query = queryOf({ ...emptyFilter, since: 'day', search: 'x' }, { now, before: 'T_1' })
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    search: 'x',
    from: '2026-11-22T10:00:00.000Z',
    before: 'T_1',
  })
})
