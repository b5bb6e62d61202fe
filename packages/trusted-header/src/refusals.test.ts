import { expect, test } from 'vitest'
import { describeRefusal, refusalCodes } from './refusals.ts'

test('an admin reads a sentence for every code, and no two are the same', () => {
  const sentences = refusalCodes.map(describeRefusal)
  expect(sentences.filter((sentence) => !/^[A-Z][ -~]{40,}\.$/.test(sentence))).toEqual([])
  expect(new Set(sentences).size).toBe(refusalCodes.length)
})
