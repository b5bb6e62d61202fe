import { expect, test } from 'vitest'
import { createTokenMemory } from './remembered-tokens.ts'

test('however many tokens come, the last ones are remembered and no more', () => {
  const memory = createTokenMemory<number>(3)
  for (let count = 0; count < 10; count += 1)
    memory.remember(`token-${count}`, { value: count, until: 100, version: 1 })
  expect(memory.size()).toBe(3)
  const recalled = Array.from({ length: 10 }, (_, count) =>
    memory.recall(`token-${count}`, { at: 1, version: 1 }),
  )
  expect(recalled.filter((value) => value !== undefined)).toEqual([7, 8, 9])
})

test('what is over, or was signed by keys of before, is forgotten', () => {
  const memory = createTokenMemory<string>(3)
  memory.remember('a', { value: 'a', until: 100, version: 1 })
  memory.remember('b', { value: 'b', until: 100, version: 1 })
  expect(memory.recall('a', { at: 99, version: 1 })).toBe('a')
  expect(memory.recall('a', { at: 100, version: 1 })).toBeUndefined()
  expect(memory.recall('b', { at: 99, version: 2 })).toBeUndefined()
  expect(memory.size()).toBe(0)
})
