export type IdentityWatch = {
  /** Looks at the `X-Porchlight-Identity` of an answer (null: it carries none). False: somebody else is here now. */
  look: (identity: string | null) => boolean
  /** Another tab met this identity. */
  hear: (identity: string) => void
  /** After a sign-in or sign-out that this page asked for. */
  reset: () => void
}

/** The server's word for an answer to nobody: that a session ended is told by its 401. */
const nobody = 'nobody'

type Ports = { onChange: () => void; tell?: (identity: string) => void }

/** Remembers whose answers this page has shown, and says once when they become another person's. */
export function createIdentityWatch({ onChange, tell }: Ports): IdentityWatch {
  let known: string | undefined

  function compare(identity: string): boolean {
    if (known === undefined || known === identity) return true
    known = identity
    onChange()
    return false
  }

  return {
    look(identity) {
      if (identity === null || identity === '' || identity === nobody) return true
      if (known === undefined) tell?.(identity)
      const same = compare(identity)
      if (!same) tell?.(identity)
      known = identity
      return same
    },
    hear(identity) {
      compare(identity)
    },
    reset() {
      known = undefined
    },
  }
}
