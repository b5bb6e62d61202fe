export type IdentityWatch = {
  /** Looks at the `X-Porchlight-Identity` of an answer (null: it carries none). False: somebody else is here now. */
  look: (identity: string | null) => boolean
  /** Another tab met this identity. */
  hear: (identity: string) => void
  /** For whom this page speaks, to be sent along; undefined as long as it does not know. */
  speaksFor: () => string | undefined
  /** Somebody else is here: this page asks for nothing more and shows nothing more. */
  isOver: () => boolean
  /** After a sign-in or sign-out that this page asked for. */
  reset: () => void
}

/** The header by which an answer says whose it is, and a request for whom the page speaks. */
export const identityHeader = 'X-Porchlight-Identity'

/** The server's word for an answer to nobody: that a session ended is told by its 401. */
const nobody = 'nobody'

type Ports = { onChange: () => void; tell?: (identity: string) => void }

/** Remembers whose answers this page has shown, and says once when they become another person's. */
export function createIdentityWatch({ onChange, tell }: Ports): IdentityWatch {
  let known: string | undefined
  let over = false

  function compare(identity: string): boolean {
    if (over) return false
    if (known === undefined || known === identity) return true
    over = true
    onChange()
    return false
  }

  return {
    look(identity) {
      if (identity === null || identity === '' || identity === nobody) return !over
      const isNews = known === undefined
      const wasOver = over
      const same = compare(identity)
      if (isNews && same) known = identity
      if (isNews || (!same && !wasOver)) tell?.(identity)
      return same
    },
    hear(identity) {
      compare(identity)
    },
    speaksFor: () => known,
    isOver: () => over,
    reset() {
      known = undefined
      over = false
    },
  }
}
