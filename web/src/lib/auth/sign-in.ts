import { api, blankForLater, forgetPerson, goTo, personArrived, personLeaves, tabs } from '../api/api.ts'
import { startListening, stopListening } from '../live/live-page.ts'
import { createAuthApi } from './auth-api.ts'
import { leave } from './sign-out.ts'
import { whoIsHere } from './who-is-here.ts'
import type { Visitor } from './who-is-here.ts'

export const authApi = createAuthApi(api)

let visitor: Promise<Visitor> | undefined

/** Asked once per page load; whatever changes who is here ends in a fresh page. */
export function currentVisitor(url: URL): Promise<Visitor> {
  const signedOutPage = url.pathname === '/auth/signed-out'
  const staySignedOut = signedOutPage || url.searchParams.get('autoLaunch') === '0'
  const hasSession = !signedOutPage && document.cookie.includes('immich_is_authenticated=true')
  visitor ??= whoIsHere(authApi, { staySignedOut, hasSession }).then((found) => {
    if ('user' in found) personArrived()
    return found
  })
  return visitor
}

/** Throws when the server could not be asked; then the person is still signed in. */
export async function signOut(how: { thisDeviceOnly: boolean }): Promise<void> {
  personLeaves()
  stopListening()
  try {
    await leave({
      signOut: () => authApi.signOut(how),
      forget: forgetPerson,
      tellTabs: () => tabs.tell({ signedOut: true }),
      location,
    })
  } catch (thrown) {
    personArrived()
    startListening()
    throw thrown
  }
}

/** When another tab signs out, this one forgets the person as well and shows the signed-out page. */
export function followSignOut(): void {
  tabs.listen((message) => {
    if (!('signedOut' in message)) return
    stopListening()
    void goTo('/auth/signed-out')
  })
}

/**
 * Somebody else may have signed in while the page was away. Into the browser's back/forward cache it goes empty, and back
 * from there it is loaded anew; back from the background it asks, and the answer's identity tells.
 */
export function watchForChange(): () => void {
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload()
  }
  const seen = (): void => {
    if (document.visibilityState === 'visible') void askAgain()
  }
  const hidden = (event: PageTransitionEvent): void => {
    if (event.persisted) blankForLater()
  }
  addEventListener('pageshow', shown)
  addEventListener('pagehide', hidden)
  addEventListener('focus', seen)
  document.addEventListener('visibilitychange', seen)
  return () => {
    removeEventListener('pageshow', shown)
    removeEventListener('pagehide', hidden)
    removeEventListener('focus', seen)
    document.removeEventListener('visibilitychange', seen)
  }
}

async function askAgain(): Promise<void> {
  const known = await visitor
  if (known && 'user' in known) await authApi.me().catch(() => undefined)
}
