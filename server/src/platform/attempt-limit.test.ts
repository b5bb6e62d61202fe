import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Problem } from './problem.ts'
import { createAttemptLimit, passwordRules, pinRules, type AttemptAt } from './attempt-limit.ts'

let now = 0
const clock = { now: () => new Date(now) }
const atOnce = async () => undefined
let limit = createAttemptLimit(clock, passwordRules, atOnce)
beforeEach(() => {
  now = Date.parse('2026-11-23T12:00:00Z')
  limit = createAttemptLimit(clock, passwordRules, atOnce)
})

const atHome: AttemptAt = { subject: 'gran@home.example', place: '192.168.178.23' }
const attacker = (place: string, subject = atHome.subject): AttemptAt => ({ subject, place })

/** Seconds that the next attempt has to wait; 0 when it was let through (and counts). */
async function tries(at: AttemptAt): Promise<number> {
  try {
    await limit.begin(at)
    return 0
  } catch (error) {
    const { status, code, retryAfter = NaN } = error as Problem
    if (status !== 429 || code !== 'too_many_attempts') throw error
    return retryAfter
  }
}

const triesTimes = async (times: number, at: AttemptAt) => {
  const waits = []
  for (let time = 0; time < times; time++) waits.push(await tries(at))
  return waits
}

test('gran may mistype five times before she has to wait, and then ever longer, up to a minute', async () => {
  expect(await triesTimes(6, atHome)).toEqual([0, 0, 0, 0, 0, 1])
  const waits = []
  for (let round = 0; round < 9; round++) {
    const wait = await tries(atHome)
    waits.push(wait)
    now += wait * 1000
    expect(await tries(atHome)).toBe(0)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
})

test('trying while one should wait makes it no longer', async () => {
  await triesTimes(5, atHome)
  expect(await triesTimes(50, atHome)).toEqual(Array(50).fill(1))
  now += 1000
  expect(await tries(atHome)).toBe(0)
})

test('of a hundred attempts at once no more are looked at than one after the other', async () => {
  const waits = await Promise.all(Array.from({ length: 100 }, () => tries(atHome)))
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5)
})

test('nobody waits after the right password, and all is forgotten in time', async () => {
  await triesTimes(4, atHome)
  const attempt = await limit.begin(atHome)
  attempt.succeeded()
  expect(await triesTimes(5, atHome)).toEqual([0, 0, 0, 0, 0])
  expect(await tries(atHome)).toBe(1)
  now += 2 * 60 * 60 * 1000
  expect(await triesTimes(5, atHome)).toEqual([0, 0, 0, 0, 0])
})

test('who guesses at gran’s account elsewhere keeps her from nothing', async () => {
  await triesTimes(500, attacker('198.51.100.0/24'))
  expect(await tries(atHome)).toBe(0)
})

test('one place runs out of attempts, whomever it tries, but not where a person came in before', async () => {
  for (let count = 0; count < 60; count++)
    expect(await tries(attacker('203.0.113.0/24', `${count}@home.example`))).toBe(0)
  expect(await tries(attacker('203.0.113.0/24', 'more@home.example'))).toBe(10)
  expect(await tries(attacker('203.0.114.0/24', 'more@home.example'))).toBe(0)
  const known = { ...attacker('203.0.113.0/24', 'anna@home.example'), isKnownPlace: async () => true }
  expect(await tries(known)).toBe(0)
  now += 10_000
  expect(await tries(attacker('203.0.113.0/24', 'more@home.example'))).toBe(0)
})

test('a thousand places together run out of attempts at gran’s account; the place she knows does not', async () => {
  let through = 0
  for (let count = 0; count < 1000; count++) {
    if ((await tries(attacker(`10.${count >> 8}.${count & 255}.0/24`))) === 0) through++
  }
  expect(through).toBe(passwordRules.ofSubject.attempts)
  expect(await tries(attacker('10.9.9.0/24'))).toBe(36)
  expect(await tries({ ...atHome, isKnownPlace: async () => false })).toBe(36)
  expect(await tries({ ...atHome, isKnownPlace: async () => true })).toBe(0)
})

test('whether a place is known is asked only where it matters', async () => {
  let asked = 0
  const isKnownPlace = async () => ++asked > 0
  await triesTimes(50, { ...atHome, isKnownPlace })
  expect(asked).toBe(0)
})

test('a flood of made-up names neither fills the memory nor makes the server forget', async () => {
  await triesTimes(8, atHome)
  now += 500
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 20_000; count++)
    await limit.begin(attacker(`place ${count}`, `name ${count}`)).catch(() => undefined)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024)
  expect(await tries(atHome)).toBeGreaterThan(0)
})

test('for a PIN the wait grows to an hour', async () => {
  limit = createAttemptLimit(clock, pinRules, atOnce)
  await triesTimes(5, atHome)
  for (let round = 0; round < 12; round++) now += (await tries(atHome)) * 1000
  let longest = 0
  for (let round = 0; round < 24; round++) {
    const wait = await tries(atHome)
    longest = Math.max(longest, wait)
    now += wait * 1000
  }
  expect(longest).toBe(3600)
})

test('a refusal is held back for a second, so that hammering is slow; a thousand at once at most', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  limit = createAttemptLimit(clock)
  await triesTimes(5, atHome)
  let answered = 0
  const hammering = Array.from({ length: 1010 }, () => tries(atHome).finally(() => answered++))
  await vi.advanceTimersByTimeAsync(999)
  expect(answered).toBe(10)
  await vi.advanceTimersByTimeAsync(1)
  await Promise.all(hammering)
  expect(answered).toBe(1010)
})
