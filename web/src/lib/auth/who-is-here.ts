import { ApiProblem, messageOf } from '../api/api-problem.ts'
import type { UserAdminResponseDto } from '../api/api-types.ts'

/** What the boot asks of the server. */
export type AuthApi = {
  /** Undefined: nobody is signed in. */
  me: () => Promise<UserAdminResponseDto | undefined>
  initialized: () => Promise<boolean>
  offersHeaderSignIn: () => Promise<boolean>
  /** Throws the refusal with its message and reason code. */
  signInByHeader: () => Promise<void>
}

export type Refusal = { message: string; code: string | undefined }

export type Visitor =
  | { user: UserAdminResponseDto }
  /** The page to land on, and what to say there. */
  | { signIn: 'first-admin' | 'form' }
  | { signIn: 'refused'; refusal: Refusal }
  | { signIn: 'front-door' }
  | { signIn: 'unreachable' }

type Circumstances = {
  /** The person has just signed out, or said by `?autoLaunch=0` that nothing may happen by itself. */
  staySignedOut: boolean
  /** This browser holds a session's cookie. */
  hasSession: boolean
}

/**
 * Cookie first, then the proxy's word, once. It cannot loop: whatever fails lands on a page.
 * Who stays signed out is not even asked after without a session: a proxy that still vouches would answer for them.
 */
export async function whoIsHere(
  api: AuthApi,
  { staySignedOut, hasSession }: Circumstances,
): Promise<Visitor> {
  try {
    const user = staySignedOut && !hasSession ? undefined : await api.me()
    if (user) return { user }
    if (!(await api.initialized())) return { signIn: 'first-admin' }
    if (staySignedOut || !(await api.offersHeaderSignIn())) return { signIn: 'form' }
    return await vouchedFor(api)
  } catch (thrown) {
    return landOn(thrown)
  }
}

async function vouchedFor(api: AuthApi): Promise<Visitor> {
  await api.signInByHeader()
  const user = await api.me()
  if (user) return { user }
  return refused('Not signed in', 'cookie_not_kept')
}

/** Refusals that only say that no proxy vouched here: the form is the answer, an explanation would be noise. */
const nobodyVouched = new Set([undefined, 'off', 'untrusted_peer', 'no_identity'])

function landOn(thrown: unknown): Visitor {
  if (!(thrown instanceof ApiProblem) || thrown.kind === 'unreachable') return { signIn: 'unreachable' }
  if (thrown.kind === 'challenged') return { signIn: 'front-door' }
  if (thrown.status >= 500) return { signIn: 'unreachable' }
  if (nobodyVouched.has(thrown.code)) return { signIn: 'form' }
  return refused(messageOf(thrown), thrown.code)
}

const refused = (message: string, code: string | undefined): Visitor => ({
  signIn: 'refused',
  refusal: { message, code },
})
