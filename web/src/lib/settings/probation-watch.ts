/** A change to sign-in settings that is in force for a minute, unless somebody confirms it. */
export type Probation = {
  id: string
  secondsLeft: number
  /** Dotted paths. */
  changed: string[]
  /** Whether this very connection is let in by the new settings. */
  mayConfirm: boolean
  reason?: string
}

/** What came of asking; `locked-out` and `unreachable` are what a bad change looks like from outside. */
export type ProbationAnswer = { probation: Probation | null } | { failed: 'locked-out' | 'unreachable' }

/**
 * What this browser remembers of the change, so that a page that is not let in any more still knows why. Without an id it
 * was only just sent, and may be none that is tried out.
 */
export type ProbationMemory = { id: string; until: number }

export type ProbationState =
  | { phase: 'none' }
  | { phase: 'trial'; probation: Probation; until: number }
  /** The new settings do not let this page in, or nobody answers; in a while the old ones are back. */
  | { phase: 'waiting'; until: number; why: 'locked-out' | 'unreachable' }
  | { phase: 'undone' }

type Step = { answer: ProbationAnswer; memory: ProbationMemory | undefined; now: number }

/** The next thing to show. That a change ended while this browser waited for it means that the old settings are back. */
export function nextState(state: ProbationState, { answer, memory, now }: Step): ProbationState {
  if ('failed' in answer)
    return memory ? { phase: 'waiting', until: memory.until, why: answer.failed } : state
  if (answer.probation)
    return { phase: 'trial', probation: answer.probation, until: now + answer.probation.secondsLeft * 1000 }
  if (memory && (memory.id !== '' || state.phase === 'waiting')) return { phase: 'undone' }
  return state.phase === 'undone' ? state : { phase: 'none' }
}

export function memoryOf(state: ProbationState): ProbationMemory | undefined {
  if (state.phase === 'trial') return { id: state.probation.id, until: state.until }
  return state.phase === 'waiting' ? { id: 'not let in', until: state.until } : undefined
}

export const secondsUntil = (until: number, now: number): number =>
  Math.max(0, Math.round((until - now) / 1000))
