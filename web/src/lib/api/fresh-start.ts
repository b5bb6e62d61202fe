import type { ProxyChallenge } from './proxy-challenge.ts'

type Ports = {
  /** Takes everything off the screen. */
  blank: () => void
  /** Drops what the browser keeps. */
  forget: () => Promise<void>
  challenge: Pick<ProxyChallenge, 'navigate'>
  location: Pick<Location, 'pathname' | 'replace'>
  /** Called where the page stays after all: one that shows nobody. */
  stays: () => void
  wait: (milliseconds: number) => Promise<void>
}

/** Forgetting may not keep the next person waiting, in milliseconds. */
const patience = 500

/**
 * A fresh page is the only memory that surely holds nothing of the person before. The screen is empty at once, whatever
 * the network does; only the first of several reasons to leave decides where to.
 */
export function createFreshStart({ blank, forget, challenge, location, stays, wait }: Ports) {
  let leaving = false
  const isSignInPage = () => location.pathname.startsWith('/auth/')

  async function forgetInTime(): Promise<void> {
    if (!isSignInPage()) blank()
    await Promise.race([forget(), wait(patience)])
  }

  return {
    /** For whoever is here now: the page they asked for, or where that was tried just now, the page that helps them in. */
    async startOver(): Promise<void> {
      if (leaving) return
      leaving = true
      await forgetInTime()
      if (challenge.navigate()) return
      if (!isSignInPage()) return location.replace('/auth/login?autoLaunch=0')
      leaving = false
      stays()
    },

    /** To a page that never signs in by itself. */
    async goTo(page: string): Promise<void> {
      if (leaving) return
      leaving = true
      await forgetInTime()
      location.replace(page)
    },
  }
}
