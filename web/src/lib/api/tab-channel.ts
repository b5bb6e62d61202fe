export type TabMessage = { identity: string } | { signedOut: true }

export type TabChannel = {
  tell: (message: TabMessage) => void
  listen: (heard: (message: TabMessage) => void) => void
}

/** Between the tabs of this site in this browser: who is here, and that somebody signed out. */
export function openTabChannel(): TabChannel {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('porchlight')
  return {
    tell: (message) => channel?.postMessage(message),
    listen: (heard) => channel?.addEventListener('message', (event) => heard(event.data as TabMessage)),
  }
}
