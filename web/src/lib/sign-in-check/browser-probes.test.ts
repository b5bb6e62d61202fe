import { expect, it } from 'vitest'
import { sendProbes } from './browser-probes.ts'
import { summaryOf, worstFirst } from './check-order.ts'
import type { CheckLine, PlannedProbe } from './check-types.ts'

const probe = (id: string): PlannedProbe => ({
  id,
  method: 'GET',
  path: `/${id}`,
  headers: { 'X-Porchlight-Check': 'n' },
  credentials: 'omit',
})

it('every planned probe is sent as planned, and what came back is noted, also that nothing did', async () => {
  const sent: [string, RequestInit | undefined][] = []
  const progress: number[] = []
  const fetch = async (path: string | URL | Request, init?: RequestInit) => {
    sent.push([path as string, init])
    if (path === '/b') throw new TypeError('failed to fetch')
    return new Response('x', {
      status: path === '/c' ? 404 : 200,
      headers: { Server: 'Caddy', 'X-Porchlight-Saw': 'abc' },
    })
  }
  const answers = await sendProbes(['a', 'b', 'c'].map(probe), {
    fetch,
    onProgress: (done) => progress.push(done),
  })

  expect(answers.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual([
    { id: 'a', status: 200, saw: 'abc', server: 'Caddy' },
    { id: 'b', status: 0, failed: 'failed to fetch' },
    { id: 'c', status: 404, saw: 'abc', server: 'Caddy' },
  ])
  expect(sent[0]).toEqual([
    '/a',
    {
      method: 'GET',
      headers: { 'X-Porchlight-Check': 'n' },
      credentials: 'omit',
      redirect: 'manual',
      cache: 'no-store',
    },
  ])
  expect(progress).toEqual([1, 2, 3])
})

const line = (level: CheckLine['level'], id: string): CheckLine => ({ id, level, title: '', reason: '' })

it('the worst is on top, and one sentence says how it stands', () => {
  const lines = [
    line('good', 'a'),
    line('warn', 'b'),
    line('bad', 'c'),
    line('unknown', 'd'),
    line('bad', 'e'),
  ]
  expect(worstFirst(lines).map(({ id }) => id)).toEqual(['c', 'e', 'b', 'd', 'a'])
  expect(summaryOf(lines)).toBe('2 things are open that must not be.')
  expect(summaryOf([line('good', 'a'), line('warn', 'b')])).toBe('It holds; one thing could be better.')
  expect(summaryOf([line('good', 'a')])).toBe('It holds. Nothing that was tried got through.')
  expect(summaryOf([line('unknown', 'a')])).toBe('Nothing could be tried.')
})
