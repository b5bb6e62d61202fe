import { describe, expect, it } from 'vitest'
import {
  memoryOf,
  nextState,
  secondsUntil,
  type Probation,
  type ProbationAnswer,
  type ProbationState,
} from './probation-watch.ts'
import { createProbationApi } from './probation-api.ts'

const probation: Probation = {
  id: 'p1',
  secondsLeft: 40,
  changed: ['trustedHeader.networks'],
  mayConfirm: true,
}
const now = 1_000_000
const memory = { id: 'p1', until: now + 30_000 }
const none: ProbationState = { phase: 'none' }
const after = (
  answer: ProbationAnswer,
  remembered: typeof memory | undefined,
  state: ProbationState = none,
) => nextState(state, { answer, memory: remembered, now })

describe('while sign-in settings are on trial', () => {
  it('the page counts down, also where somebody else began it or the page was loaded anew', () => {
    const state = after({ probation }, undefined)
    expect(state).toEqual({ phase: 'trial', probation, until: now + 40_000 })
    expect(memoryOf(state)).toEqual({ id: 'p1', until: now + 40_000 })
  })

  it('a page that is not let in any more waits for the end, and knows when that is', () => {
    for (const why of ['locked-out', 'unreachable'] as const)
      expect(after({ failed: why }, memory)).toEqual({ phase: 'waiting', until: memory.until, why })
  })

  it('the first answer after the wait says that the old settings are back', () => {
    const waiting: ProbationState = { phase: 'waiting', until: memory.until, why: 'locked-out' }
    expect(after({ probation: null }, memory, waiting)).toEqual({ phase: 'undone' })
  })

  it('a change that was sent and is not tried out is not said to be taken back', () => {
    const sent = { ...memory, id: '' }
    expect(after({ probation: null }, sent)).toEqual(none)
    const waiting = after({ failed: 'locked-out' }, sent)
    expect(memoryOf(waiting)?.id).not.toBe('')
    expect(after({ probation: null }, sent, waiting)).toEqual({ phase: 'undone' })
  })

  it('nothing is said where nothing was waited for', () => {
    expect(after({ probation: null }, undefined)).toEqual(none)
    expect(after({ failed: 'unreachable' }, undefined)).toEqual(none)
  })

  it('what was said stays until somebody has read it', () => {
    expect(after({ probation: null }, undefined, { phase: 'undone' })).toEqual({ phase: 'undone' })
  })

  it('the countdown never goes below nothing', () => {
    expect([secondsUntil(now + 1500, now), secondsUntil(now, now), secondsUntil(now - 9000, now)]).toEqual([
      2, 0, 0,
    ])
  })
})

const answering = (status: number, body: unknown, type = 'application/json') =>
  createProbationApi(
    async () => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } }),
  )

describe('asking after it', () => {
  it.each<[string, ReturnType<typeof createProbationApi>, ProbationAnswer]>([
    ['nothing is on trial', answering(200, null), { probation: null }],
    ['something is', answering(200, probation), { probation }],
    ['the server says 401', answering(401, { message: 'no' }), { failed: 'locked-out' }],
    ['the proxy shows its login', answering(200, 'login', 'text/html'), { failed: 'locked-out' }],
    ['the proxy finds no server', answering(502, {}), { failed: 'unreachable' }],
    [
      'there is no network',
      createProbationApi(() => Promise.reject(new Error('down'))),
      { failed: 'unreachable' },
    ],
  ])('when %s, that is what is known', async (_title, api, known) => {
    expect(await api.ask()).toEqual(known)
  })

  it('confirming from a connection that is not let in says why not', async () => {
    expect(await answering(409, { message: 'The new settings do not let you in' }).confirm('p1')).toBe(
      'The new settings do not let you in',
    )
    const done = createProbationApi(async () => new Response(null, { status: 204 }))
    expect(await done.confirm('p1')).toBeUndefined()
  })
})
