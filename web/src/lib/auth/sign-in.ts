import { api, forgetPerson, proxyPassed, tabs } from '../api/api.ts'
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
    if ('user' in found) proxyPassed()
    return found
  })
  return visitor
}

/** The session may have ended since: then a fresh page finds the way in, or to the sign-in form. */
async function askAgain(): Promise<void> {
  const user = await authApi.me().catch(() => 'unknown')
  if (user === undefined) location.replace('/photos')
}

export const signOut = (): Promise<void> =>
  leave({
    signOut: authApi.signOut,
    forget: forgetPerson,
    tellTabs: () => tabs.tell({ signedOut: true }),
    location,
  })

/** When another tab signs out, this one forgets the person as well and shows the signed-out page. */
export function followSignOut(): void {
  tabs.listen((message) => {
    if ('signedOut' in message) void forgetPerson().then(() => location.replace('/auth/signed-out'))
  })
}

/**
 * Asks who is here whenever the page comes back to life (from the back/forward cache, or from the background), since
 * somebody else may have signed in meanwhile. Another identity on the answer starts the page over.
 */
export function watchForChange(): () => void {
  const ask = (): void => {
    if (visitor) void visitor.then((known) => ('user' in known ? askAgain() : undefined))
  }
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) ask()
  }
  const seen = (): void => {
    if (document.visibilityState === 'visible') ask()
  }
  addEventListener('pageshow', shown)
  document.addEventListener('visibilitychange', seen)
  return () => {
    removeEventListener('pageshow', shown)
    document.removeEventListener('visibilitychange', seen)
  }
}
