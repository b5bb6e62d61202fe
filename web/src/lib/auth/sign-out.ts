import { ApiProblem } from '../api/api-problem.ts'
import type { LogoutResponseDto } from '../api/api-types.ts'

type Ports = {
  signOut: () => Promise<LogoutResponseDto>
  forget: () => Promise<void>
  tellTabs: () => void
  location: Pick<Location, 'replace' | 'assign'>
}

const signedOutPage = '/auth/signed-out'

/**
 * Ends the session, drops what the browser keeps, and leaves by a top-level navigation: to the proxy's sign-out where
 * the server names one, else to our own page, which never signs in by itself. Back must not show the photos again.
 * Throws when the server could not be asked: the session lives on then, and saying otherwise would be a lie.
 */
export async function leave({ signOut, forget, tellTabs, location }: Ports): Promise<void> {
  const target = await signOut().then((answer) => answer.redirectUri, alreadyOut)
  tellTabs()
  await forget()

  if (isOwnPath(target)) location.replace(target)
  else location.assign(isWebAddress(target) ? target : signedOutPage)
}

function alreadyOut(thrown: unknown): string {
  if (thrown instanceof ApiProblem && thrown.status === 401) return signedOutPage
  throw thrown
}

const isOwnPath = (target: string): boolean => /^\/(?![/\\])/.test(target)

const isWebAddress = (target: string): boolean => /^https?:\/\//i.test(target)
