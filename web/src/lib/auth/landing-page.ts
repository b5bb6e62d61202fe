import type { Visitor } from './who-is-here.ts'

/** Where somebody who is not signed in goes, with the way back to what they wanted to see. */
export function landingPage(visitor: Visitor, wanted: Pick<URL, 'pathname' | 'search'>): string {
  if ('signIn' in visitor && visitor.signIn === 'first-admin') return '/auth/register'
  return `/auth/login?continue=${encodeURIComponent(wanted.pathname + wanted.search)}`
}
