import { expect, it } from 'vitest'
import { retryDelay } from './retry-delay.ts'

it('asks for a fresh thumbnail ever more rarely and gives up in the end', () => {
  const delays = Array.from({ length: 9 }, (_, attempt) => retryDelay(attempt))
  expect(delays.slice(0, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000])
  expect(delays.slice(7)).toEqual([undefined, undefined])
})
