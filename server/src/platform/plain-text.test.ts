import { expect, test } from 'vitest'
import { isPlain, plainText } from './plain-text.ts'

test.each(['', 'Ümit’s 🍎', 'two\nlines\tand a bell \u0007', '\ufffd'])('%j is plain text', (text) => {
  expect(isPlain(text)).toBe(true)
})

test.each(['\0', 'a\0b', '\ud83d', 'a\udf4e'])('%j is not', (text) => {
  expect(isPlain(text)).toBe(false)
})

test('a text may be as long as it may be, and no longer', () => {
  expect(plainText(3).safeParse('abc').success).toBe(true)
  expect(plainText(3).safeParse('abcd').success).toBe(false)
})
