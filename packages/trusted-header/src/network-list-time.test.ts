import { expect, test } from 'vitest'
import { describeNetworkProblem, parseNetworks } from './networks.ts'

test.each<[string, string | string[]]>([
  ['a text of good entries', '10.3.3.7,'.repeat(330_000)],
  ['a text of bad entries', 'x,'.repeat(1_500_000)],
  ['a text of commas', ','.repeat(3_000_000)],
  ['one endless entry', '0.'.repeat(1_500_000)],
  ['one entry as long as is read', '1'.repeat(100_000)],
  ['as many brackets as are read', '[::1]%'.repeat(16_000)],
  ['a list of endless entries', Array.from({ length: 1000 }, () => ' '.repeat(3000))],
  ['a list of a million empty entries', Array.from({ length: 1_000_000 }, () => '')],
])('%s is answered in no time to speak of, and in few words', (_what, input) => {
  const start = performance.now()
  const parsed = parseNetworks(input)
  const complaints = 'problems' in parsed ? parsed.problems.map(describeNetworkProblem) : []
  expect(performance.now() - start).toBeLessThan(500)
  expect('problems' in parsed && parsed.problems[0].entry.length).toBeLessThanOrEqual(100_000)
  expect(complaints).toHaveLength(1)
  expect(complaints.join().length).toBeLessThan(300)
})
