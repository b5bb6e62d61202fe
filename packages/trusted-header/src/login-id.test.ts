import { expect, test } from 'vitest'
import { parseId, readId } from './login-id.ts'

test.each([
  ['gran', 'gran'],
  ['Gran', 'Gran'],
  ['  f81d4fae-7dec-11d0-a765-00a0c91e6bf6\t', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
  ['auth0|5f7c8ec7c33c6c004bbafe82', 'auth0|5f7c8ec7c33c6c004bbafe82'],
  ['gran,gran', 'gran'],
  ['gran, gran', 'gran'],
  ['!~', '!~'],
  ['x'.repeat(255), 'x'.repeat(255)],
])('the line %j is the id %j', (line, id) => {
  expect(readId(line)).toEqual({ id })
})

test.each(['', ' ', '-', '(null)', 'none', '{http.reverse_proxy.header.Remote-User}', ','])(
  'the line %j is no id',
  (line) => {
    expect(readId(line)).toEqual({ refused: 'no_id' })
  },
)

test.each(['oma zoë', 'gran smith', 'zo\u00eb', 'x'.repeat(256), 'gran\u0000', 'gran\n', '\u0141d'])(
  'the line %j is a bad id',
  (line) => {
    expect(readId(line)).toEqual({ refused: 'bad_id' })
  },
)

test('two ids in one line are one too many', () => {
  for (const line of ['gran,boss', 'gran,Gran', 'gran,', 'uid=gran,ou=people'])
    expect(readId(line)).toEqual({ refused: 'header_repeated' })
})

test('a comma in text that no proxy joined is part of the id', () => {
  expect(parseId('uid=gran,ou=people')).toEqual({ id: 'uid=gran,ou=people' })
})
