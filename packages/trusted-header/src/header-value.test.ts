import { expect, test } from 'vitest'
import { decodeUtf8, soleValue, withoutRepeats } from './header-value.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

test.each([
  ['a@x', 'a@x'],
  [' \ta@x\t ', 'a@x'],
  ['a@x,a@x', 'a@x'],
  ['a@x, a@x', 'a@x'],
  ['a@x ,\ta@x,a@x', 'a@x'],
  ['', ''],
  [' ', ''],
  [',', ''],
  [' , ,', ''],
  ['a b', 'a b'],
])('the line %j has the one value %j', (line, value) => {
  expect(soleValue(line)).toBe(value)
})

test.each(['a@x,b@x', 'a@x, b@x', 'a@x,A@x', 'a@x,', ',a@x', 'a@x,,a@x', 'a@x,a@x\u00a0'])(
  'the line %j has no single value',
  (line) => {
    expect(soleValue(line)).toBeUndefined()
  },
)

test('a letter that ends in the byte 0xA0 keeps it', () => {
  expect(decodeUtf8(soleValue(` ${bytesOf('gran@à')} `) ?? '')).toBe('gran@à')
})

test('a very long run of blanks costs no time to speak of', () => {
  const blanks = ' '.repeat(300_000)
  expect(soleValue(`a${blanks}b`)).toBe(`a${blanks}b`)
})

test.each(['gran', 'zoë', '祖母', '💩', '\ufeffgran', 'gran\ufeff', '\u0000', ''])(
  'the bytes of %j are read',
  (text) => {
    expect(decodeUtf8(bytesOf(text))).toBe(text)
  },
)

test.each([
  ['a latin1 letter', 'zo\u00eb'],
  ['half a letter', '\u00c3'],
  ['an overlong slash', '\u00c0\u00af'],
  ['a surrogate', '\u00ed\u00a0\u0080'],
  ['a number beyond Unicode', '\u00f4\u0090\u0080\u0080'],
  ['a character that is no byte', 'gr\u0141n'],
  ['a character that is no byte but ends like an A', '\u0141'],
])('%s is no UTF-8', (_, bytes) => {
  expect(decodeUtf8(bytes)).toBeUndefined()
})

test.each([
  ['users; staff,users; staff', 2, 'users; staff'],
  ['users; staff, users; staff', 2, 'users; staff'],
  ['Smith, Anna,Smith, Anna', 2, 'Smith, Anna'],
  ['a,a,a', 3, 'a'],
  ['a, a, a', 3, 'a'],
  ['', 1, ''],
  [',', 2, ''],
  ['a', 1, 'a'],
  ['a,a', 1, 'a,a'],
])('the line %j, sent %i times, was %j', (line, times, once) => {
  expect(withoutRepeats(line, times)).toBe(once)
})

test.each([
  ['a,b', 2],
  ['a,a', 3],
  ['a,a,a', 2],
  ['a;a', 2],
  ['aa', 2],
  ['a  a', 2],
  ['a,a, a', 3],
  ['', 2],
  ['a', 5],
])('the line %j was not sent %i times, and stays', (line, times) => {
  expect(withoutRepeats(line, times)).toBe(line)
})
