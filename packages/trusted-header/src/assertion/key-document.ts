/** Time as a port, so that tests need no sleep. */
export type Clock = { now(): Date }

/** Something that is fetched now and then, and kept meanwhile. */
export type KeyDocument<T> = {
  /**
   * What is known, fetched when there is nothing yet or it is too old. Undefined when it cannot be had: it was never
   * there, or it has not been for a day.
   */
  current(): Promise<T | undefined>
  /** Fetches again unless it was asked within the last 30 s. Tells whether there is something else now. */
  renew(): Promise<boolean>
  /** Fetches in the background when what is known begins to be old. */
  keepFresh(): void
  /** Milliseconds since 1970 until which the present value needs no new look. */
  freshUntil(): number
  /** Whether the last attempt failed. */
  hasFailed(): boolean
}

/** Milliseconds. */
const softAge = 3 * 60_000
export const hardAge = 5 * 60_000
const longestKept = 24 * 3_600_000
export const pause = 30_000
/** While there is nothing at all, nobody can sign in: a login service that starts beside us is up in seconds. */
const impatience = 5000

type Ports<T> = {
  /** May answer the very value it was given, to say that nothing has changed. */
  load: (known: T | undefined) => Promise<T>
  clock: Clock
  onProblem: (reason: string) => void
}

/** One attempt at a time, at most one in 30 s; while they fail, what is known stays. */
export function createKeyDocument<T>({ load, clock, onProblem }: Ports<T>): KeyDocument<T> {
  const now = () => clock.now().getTime()
  let held: { value: T; at: number } | undefined
  let asked: { at: number; failed: boolean } | undefined
  let pending: Promise<void> | undefined

  /** A clock that was set back must not make anything young again. */
  const age = (at: number | undefined) => (at === undefined ? Infinity : Math.abs(now() - at))
  const mayAsk = () => pending !== undefined || age(asked?.at) >= (held ? pause : impatience)

  async function ask(): Promise<void> {
    const attempt = { at: now(), failed: false }
    asked = attempt
    try {
      held = { value: await load(held?.value), at: now() }
    } catch (error) {
      attempt.failed = true
      onProblem(reasonOf(error))
    } finally {
      pending = undefined
    }
  }
  const askOnce = () => (pending ??= ask())

  function keepFresh(): void {
    if (age(held?.at) > softAge && mayAsk()) void askOnce()
  }

  return {
    keepFresh,
    async current() {
      keepFresh()
      if (age(held?.at) > hardAge) await pending
      return age(held?.at) > longestKept ? undefined : held?.value
    },
    async renew() {
      if (!mayAsk()) return false
      const before = held?.value
      await askOnce()
      return held?.value !== before
    },
    // While attempts fail there is a new look at every chance of one.
    freshUntil: () => Math.max((held?.at ?? 0) + hardAge, now() + pause),
    hasFailed: () => asked?.failed ?? false,
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // `fetch failed` alone helps nobody.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
