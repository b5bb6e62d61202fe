import { expect, test } from 'vitest'
import { describeNetworkProblem, parseNetworks } from './networks.ts'

const many = (count: number) => Array.from({ length: count }, (_, n) => `10.0.${n >> 8}.${n % 256}`)

function complaintsAbout(input: string | readonly string[]): string[] {
  const parsed = parseNetworks(input)
  return 'problems' in parsed ? parsed.problems.map(describeNetworkProblem) : []
}

test('a thousand networks are taken, and the next one is named as too many', () => {
  expect(complaintsAbout(many(1000))).toEqual([])
  expect(complaintsAbout(many(1000).join())).toEqual([])
  const complaint = ['"10.0.3.232": there are more than 1000 entries']
  expect(complaintsAbout(many(1001))).toEqual(complaint)
  expect(complaintsAbout(many(1001).join())).toEqual(complaint)
  expect(complaintsAbout([...many(1001), 'x'])).toEqual(complaint)
  expect(parseNetworks(many(1001))).toMatchObject({ problems: [{ index: 1000 }] })
})

test('a thousand networks in their longest form are taken', () => {
  const longest = many(1000).map((text) => `0000:0000:0000:0000:0000:ffff:${text}/128`)
  expect(complaintsAbout(longest.join(',\r\n'))).toEqual([])
})

test('a setting has at most 100,000 characters, blanks included', () => {
  const blanks = ' '.repeat(100_000 - '10.3.3.7'.length)
  expect(complaintsAbout(`10.3.3.7${blanks}`)).toEqual([])
  const reason = 'the networks are written in more than 100,000 characters'
  expect(complaintsAbout(`10.3.3.7${blanks} `)).toEqual([expect.stringContaining(reason)])
  expect(complaintsAbout(['10.3.3.7', `${blanks} `])).toEqual([`"${' '.repeat(60)}...": ${reason}`])
})
