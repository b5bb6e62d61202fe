import { expect, it } from 'vitest'
import { createMonthLoader } from './month-loader.ts'

/** Months come when they are let through, so that a test can stand in the middle of a load. */
function slowMonths(atOnce: number) {
  const asked: string[] = []
  const gates = new Map<string, { let: () => void; fail: () => void }>()
  const loader = createMonthLoader({
    atOnce,
    load: (bucket) => {
      asked.push(bucket)
      return new Promise((resolve, reject) => {
        gates.set(bucket, { let: resolve, fail: () => reject(new Error('down')) })
      })
    },
  })
  const settle = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
  return { asked, gates, loader, settle }
}

it('loads the most wanted first, a few at a time', () => {
  const { asked, loader } = slowMonths(2)
  loader.want(['c', 'b', 'a'])
  expect(asked).toEqual(['c', 'b'])
})

it('forgets months that were only flown over', async () => {
  const { asked, gates, loader, settle } = slowMonths(1)
  loader.want(['a', 'b', 'c'])
  loader.want(['z'])
  gates.get('a')?.let()
  await settle()
  expect(asked).toEqual(['a', 'z'])
})

it('does not ask twice for a month that is on its way', async () => {
  const { asked, gates, loader } = slowMonths(3)
  loader.want(['a'])
  loader.want(['a', 'b'])
  const waiting = loader.ensure('a')
  expect(asked).toEqual(['a', 'b'])
  gates.get('a')?.let()
  await waiting
})

it('asks again after a failure, and goes on with the others', async () => {
  const { asked, gates, loader, settle } = slowMonths(1)
  loader.want(['a', 'b'])
  gates.get('a')?.fail()
  await settle()
  expect(asked).toEqual(['a', 'b'])
  gates.get('b')?.let()
  await settle()
  loader.want(['a'])
  expect(asked).toEqual(['a', 'b', 'a'])
})
