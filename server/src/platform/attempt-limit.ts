import { hash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Problem } from './problem.ts'
import type { Clock } from './clock.ts'

/** One attempt at a secret: who is asked for, and from where. */
export type AttemptAt = {
  /** What the secret opens: an e-mail address, the id of an account or of a shared link. */
  subject: string
  /** Where the attempt comes from, as one text. */
  place: string
  /** Whether the rightful person was let in from there before; asked only where a budget is used up. */
  isKnownPlace?: () => Promise<boolean>
}

/** An attempt that may be made. It counts as a wrong one until it is said to be right. */
export type Attempt = { succeeded(): void }

export type AttemptLimit = {
  /**
   * Asked before a secret is looked at, so that a hundred at once are a hundred.
   *
   * @throws {Problem} 429 `too_many_attempts`, with the seconds to wait
   */
  begin(at: AttemptAt): Promise<Attempt>
}

/** Wrong attempts that a budget takes at once, and how fast it fills again. */
type Budget = { attempts: number; perHour: number }

export type AttemptRules = {
  /** Wrong attempts of one place at one subject that cost no waiting; from then on it doubles, from one second. */
  free: number
  /** Milliseconds. */
  longestDelay: number
  /** Of one place, whatever it tries to open, and of one subject, from wherever. Neither stops a known place. */
  ofPlace: Budget
  ofSubject: Budget
}

const second = 1000
const hour = 60 * 60 * second

/** For passwords: a person who mistypes waits seconds, a guesser has some fourteen hundred tries a day in each place. */
export const passwordRules: AttemptRules = {
  free: 5,
  longestDelay: 60 * second,
  ofPlace: { attempts: 60, perHour: 360 },
  ofSubject: { attempts: 100, perHour: 100 },
}

/** For the six digits of a PIN: whoever tries is signed in as that person already, so waiting locks out nobody else. */
export const pinRules: AttemptRules = {
  free: 5,
  longestDelay: hour,
  ofPlace: { attempts: 60, perHour: 60 },
  ofSubject: { attempts: 60, perHour: 60 },
}

/**
 * How long a refusal is held back, in milliseconds, and how many at once: a hundred guessers that never wait for what they
 * are told would otherwise keep the server busy with refusals.
 */
const heldBackFor = second
const mostHeldBack = 1000

/** A wrong attempt counts for this long after the last one, in milliseconds. */
const forgetAfter = hour

/**
 * Slows down guessing without a lock: waiting grows for one place at one subject alone, and what many places use up
 * together never stops a place from which the person came in before.
 *
 * It remembers in tables of a fixed size, at places that a hash with a secret of this process chooses: a flood of made-up
 * names can neither fill the memory nor push anything out of it. Each process counts for itself.
 */
export function createAttemptLimit(
  clock: Clock,
  rules: AttemptRules = passwordRules,
  holdBack: () => Promise<unknown> = createHoldBack(),
): AttemptLimit {
  const now = () => clock.now().getTime()
  const pairs = createDelays(rules)
  const places = createBudgets(rules.ofPlace)
  const subjects = createBudgets(rules.ofSubject)

  return {
    async begin({ subject, place, isKnownPlace }) {
      const pair = `${place} ${subject}`
      const wait = pairs.wait(pair, now())
      if (wait > 0) return refuse(wait)
      const used = Math.max(places.wait(place, now()), subjects.wait(subject, now()))
      if (used > 0 && !(await isKnownPlace?.())) return refuse(used)
      // Others may have begun while the question was under way. From here on nothing may be waited for.
      const again = pairs.wait(pair, now())
      if (again > 0) return refuse(again)
      pairs.add(pair, now())
      places.add(place, now())
      subjects.add(subject, now())
      return {
        succeeded() {
          pairs.clear(pair)
          places.takeBack(place)
          subjects.takeBack(subject)
        },
      }
    },
  }

  async function refuse(milliseconds: number): Promise<never> {
    await holdBack()
    throw tooMany(milliseconds)
  }
}

function createHoldBack(): () => Promise<unknown> {
  let held = 0
  return async () => {
    if (held >= mostHeldBack) return
    held++
    await pause(heldBackFor, undefined, { ref: false }).finally(() => held--)
  }
}

function tooMany(milliseconds: number): Problem {
  const retryAfter = Math.ceil(milliseconds / second)
  const message = `Too many attempts; try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`
  return new Problem(429, message, { code: 'too_many_attempts', retryAfter })
}

/** How many were wrong in a row at each key, and when the last one was. */
function createDelays({ free, longestDelay }: AttemptRules) {
  const slots = createSlots()
  const wrongAt = (slot: number, at: number) =>
    at - slots.at(slot) > forgetAfter + longestDelay ? 0 : slots.level(slot)

  return {
    wait(key: string, at: number): number {
      const slot = slots.of(key)
      const wrong = wrongAt(slot, at)
      if (wrong < free) return 0
      return slots.at(slot) + Math.min(second * 2 ** (wrong - free), longestDelay) - at
    },
    add(key: string, at: number): void {
      const slot = slots.of(key)
      slots.set(slot, wrongAt(slot, at) + 1, at)
    },
    clear: (key: string) => slots.set(slots.of(key), 0, 0),
  }
}

/** A bucket for each key that runs empty with time. */
function createBudgets({ attempts, perHour }: Budget) {
  const slots = createSlots()
  const perMillisecond = perHour / hour
  const levelAt = (slot: number, at: number) =>
    Math.max(0, slots.level(slot) - (at - slots.at(slot)) * perMillisecond)

  return {
    wait(key: string, at: number): number {
      const over = levelAt(slots.of(key), at) + 1 - attempts
      return over > 0 ? over / perMillisecond : 0
    },
    add(key: string, at: number): void {
      const slot = slots.of(key)
      // What known places add beyond the budget must not keep others waiting for ever.
      slots.set(slot, Math.min(levelAt(slot, at) + 1, attempts), at)
    },
    takeBack(key: string): void {
      const slot = slots.of(key)
      slots.set(slot, Math.max(0, slots.level(slot) - 1), slots.at(slot))
    },
  }
}

const slotCount = 65_536

/** A level and a time for each of many keys, in one megabyte. Two keys of one slot share it. */
function createSlots() {
  const secret = randomBytes(16).toString('hex')
  const levels = new Float64Array(slotCount)
  const times = new Float64Array(slotCount)
  return {
    of: (key: string) => hash('sha256', secret + key, 'buffer').readUInt16BE(0),
    level: (slot: number) => levels[slot] ?? 0,
    at: (slot: number) => times[slot] ?? 0,
    set(slot: number, level: number, at: number): void {
      levels[slot] = level
      times[slot] = at
    },
  }
}
