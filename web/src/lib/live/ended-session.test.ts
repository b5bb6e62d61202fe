import { expect, it } from 'vitest'
import { endedPage, followEndOfSession, type Answer } from './ended-session.ts'

async function whereTo(answer: Answer | Error): Promise<string> {
  let went = ''
  await followEndOfSession({
    ask: async () => {
      if (answer instanceof Error) throw answer
      return answer
    },
    speaksFor: () => 'gran',
    startOver: async () => void (went = 'anew'),
    goTo: async (page) => void (went = page),
  })
  return went
}

it.each<[string, Answer | Error, string]>([
  ['the proxy still vouches for gran', { identity: 'gran', code: undefined }, endedPage],
  ['her password session is gone', { identity: 'nobody', code: undefined }, endedPage],
  ['anna is here now', { identity: 'anna', code: undefined }, 'anew'],
  ['anna took over with this very question', { identity: 'anna', code: 'identity_changed' }, 'anew'],
  ['the proxy names nobody', { identity: 'nobody', code: 'signed_out_at_proxy' }, 'anew'],
  ['the proxy wants to see her', 'not-ours', 'anew'],
  ['nobody answers', new TypeError('failed'), 'anew'],
])('after the end of gran’s session, when %s', async (_title, answer, page) => {
  expect(await whereTo(answer)).toBe(page)
})
