type Store = Pick<Storage, 'getItem' | 'setItem'>
type Ports = { store: Store; now: () => number; reload: () => void }

export type ProxyChallenge = {
  /** Starts the one top-level navigation the proxy can answer with its login; false if that was tried just now. */
  navigate: () => boolean
  /** The person got through: the next challenge may navigate again. */
  passed: () => void
}

export const challengeKey = 'porchlight.challenge'
const coolDown = 10_000

/**
 * A proxy whose own session ended answers an API call with a redirect, a login page or a bare 401. Only a top-level
 * navigation brings the person to its login, so there is one; and since that may not help (a proxy that guards
 * `/api` but not the page), never a second before ten seconds have passed *and* an answer has come through.
 */
export function createProxyChallenge({ store, now, reload }: Ports): ProxyChallenge {
  return {
    navigate() {
      try {
        const last = read(store)
        if (last && (!last.passed || now() - last.at < coolDown)) return false
        store.setItem(challengeKey, JSON.stringify({ at: now(), passed: false }))
      } catch {
        // Without storage nothing remembers the attempt, and a page that cannot remember must not reload itself.
        return false
      }
      reload()
      return true
    },
    passed() {
      try {
        const last = read(store)
        if (last && !last.passed) store.setItem(challengeKey, JSON.stringify({ ...last, passed: true }))
      } catch {
        // Nothing to note.
      }
    },
  }
}

function read(store: Store): { at: number; passed: boolean } | undefined {
  const text = store.getItem(challengeKey)
  return text === null ? undefined : (JSON.parse(text) as { at: number; passed: boolean })
}
