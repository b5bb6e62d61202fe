import { standStill } from '../api/stand-still.ts'
import { createProbationApi } from './probation-api.ts'
import { memoryOf, nextState, type ProbationMemory, type ProbationState } from './probation-watch.ts'

const key = 'porchlight.probation'
const pause = 2000
/** How long the server tries a change out. */
const trialTime = 60_000
/** Milliseconds after its end for which a change is still worth waiting for: a server may have been stopped meanwhile. */
const patience = 600_000

const api = createProbationApi((...request) => fetch(...request))

/** In all tabs: whoever confirms in one has confirmed in all. */
const memory = {
  read(): ProbationMemory | undefined {
    const text = localStorage.getItem(key)
    const kept = text === null ? undefined : (JSON.parse(text) as ProbationMemory)
    return kept && Date.now() < kept.until + patience ? kept : undefined
  },
  write(kept: ProbationMemory): void {
    localStorage.setItem(key, JSON.stringify(kept))
  },
  clear(): void {
    localStorage.removeItem(key)
  },
}

function createProbationWatch() {
  let state = $state.raw<ProbationState>({ phase: 'none' })
  let asking: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    clearTimeout(asking)
    const answer = await api.ask()
    state = nextState(state, { answer, memory: memory.read(), now: Date.now() })
    const kept = memoryOf(state)
    if (kept) memory.write(kept)
    if (state.phase === 'undone' || state.phase === 'none') ended()
    else goOn()
  }

  /** Saves what may shut this very page out: it stays and watches, whatever the answers to its other questions are. */
  async function during<T>(save: () => Promise<T | undefined>): Promise<T | undefined> {
    const until = Date.now() + trialTime
    standStill(until + 2 * pause)
    memory.write({ id: '', until })
    const saved = await save()
    if (saved === undefined) ended()
    else await look()
    return saved
  }

  function goOn(): void {
    if ('until' in state) standStill(Math.max(state.until, Date.now()) + 2 * pause)
    asking = setTimeout(() => void look(), pause)
  }

  function ended(): void {
    memory.clear()
    standStill(0)
  }

  async function act(what: 'confirm' | 'undo'): Promise<string | undefined> {
    if (state.phase !== 'trial') return undefined
    const problem = await api[what](state.probation.id)
    if (problem !== undefined) return problem
    clearTimeout(asking)
    ended()
    state = what === 'confirm' ? { phase: 'none' } : { phase: 'undone' }
    return undefined
  }

  return {
    get state() {
      return state
    },
    look,
    during,
    /** Whether a change is remembered that this browser has to follow even where nobody is signed in. */
    isRemembered: () => memory.read() !== undefined,
    confirm: () => act('confirm'),
    undo: () => act('undo'),
    dismiss: () => {
      state = { phase: 'none' }
    },
    stop: () => clearTimeout(asking),
  }
}

export const probationWatch = createProbationWatch()
