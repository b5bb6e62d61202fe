import { expect, test } from 'vitest'
import { createMemo } from './memo.ts'

function counted(most: number, longest = 10) {
  const asked: string[] = []
  const lengthOf = createMemo(
    (text) => {
      asked.push(text)
      return { length: text.length }
    },
    { most, longest },
  )
  return { lengthOf, asked }
}

test('a question is worked out once, and its answer is the same from then on', () => {
  const { lengthOf, asked } = counted(2)
  expect(lengthOf('one')).toEqual({ length: 3 })
  expect(lengthOf('one')).toBe(lengthOf('one'))
  expect(asked).toEqual(['one'])
})

test('no is an answer, and remembered', () => {
  let asked = 0
  const isLong = createMemo(() => (asked++, false), { most: 2, longest: 10 })
  expect([isLong('one'), isLong('one')]).toEqual([false, false])
  expect(asked).toBe(1)
})

test('when it is full the oldest answer goes, and what is asked again is worked out anew', () => {
  const { lengthOf, asked } = counted(2)
  for (const text of ['one', 'two', 'two', 'three', 'two', 'one', 'three', 'two'])
    expect(lengthOf(text)).toEqual({ length: text.length })
  expect(asked).toEqual(['one', 'two', 'three', 'one', 'two'])
})

test('a text of the greatest length is remembered, a longer one is not and pushes nothing out', () => {
  const { lengthOf, asked } = counted(1, 4)
  for (const text of ['four', 'fives', 'fives', 'four']) lengthOf(text)
  expect(asked).toEqual(['four', 'fives', 'fives'])
})
