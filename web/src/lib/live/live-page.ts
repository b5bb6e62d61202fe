import { api, blankForLater, goTo, identity, startOver } from '../api/api.ts'
import { readProblem } from '../api/api-problem.ts'
import { identityHeader } from '../api/identity-watch.ts'
import { timeline } from '../timeline/timeline.svelte.ts'
import { followEndOfSession, type Answer } from './ended-session.ts'
import { createLiveConnection } from './live-connection.ts'

/** Changes that come together are looked at together, in milliseconds. */
const breath = 300

/** How long the screen may be empty before the page is loaded anew without an answer, in milliseconds. */
const patience = 1500

let changed = new Set<string>()
let waiting: ReturnType<typeof setTimeout> | undefined

function refreshSoon(ids: readonly string[]): void {
  for (const id of ids) changed.add(id)
  waiting ??= setTimeout(() => {
    const now = changed
    changed = new Set()
    waiting = undefined
    void timeline.refresh(now)
  }, breath)
}

/** Past the client, which would take any 401 for a reason to load the page anew, and in nobody's name. */
async function whoAnswers(): Promise<Answer> {
  const response = await fetch('/api/users/me', {
    headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
  })
  const isJson = response.headers.get('Content-Type')?.includes('json') === true
  const body: unknown = isJson ? await response.json() : undefined
  const problem = readProblem(response.status, body)
  if (!isJson || (!response.ok && !problem)) return 'not-ours'
  return { identity: response.headers.get(identityHeader), code: problem?.code }
}

const connection = createLiveConnection({
  async open() {
    const { io } = await import('socket.io-client')
    return io({
      path: '/api/socket.io',
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelay: 1000,
      reconnectionDelayMax: 30_000,
      randomizationFactor: 0.5,
    })
  },
  news: refreshSoon,
  doubt: () => api.get('/users/me'),
  sessionEnded() {
    blankForLater()
    void followEndOfSession({ ask: whoAnswers, speaksFor: identity.speaksFor, startOver, goTo })
  },
  later: (run, milliseconds) => void setTimeout(run, milliseconds),
})

/** Called once somebody is signed in and her page stands; the library is fetched only then. */
export const startListening = (): void => void connection.start()

/** Before a sign-out of our own, whose consequences are no news. */
export const stopListening = (): void => connection.stop()
