import type { FastifyReply } from 'fastify'
import type { SignInMethod } from '../sessions/sessions.ts'

export const sessionCookie = 'immich_access_token'
const methodCookie = 'immich_auth_type'
const signedInCookie = 'immich_is_authenticated'

/** The longest a browser keeps a cookie, in seconds (RFC 6265bis, 400 days). The session itself ends on the server. */
const longest = 400 * 24 * 60 * 60

/**
 * The three cookies Immich's clients know, in their order. Scripts can read only the last one, which says that there is
 * a session but not which.
 */
export function setSignInCookies(
  reply: FastifyReply,
  { token, method, secure }: { token: string; method: SignInMethod; secure: boolean },
): void {
  const common = {
    path: '/',
    sameSite: 'lax',
    secure,
    maxAge: longest,
    expires: new Date(Date.now() + longest * 1000),
  } as const
  reply.setCookie(sessionCookie, token, { ...common, httpOnly: true })
  reply.setCookie(methodCookie, method, { ...common, httpOnly: true })
  reply.setCookie(signedInCookie, 'true', common)
}

export function clearSignInCookies(reply: FastifyReply): void {
  for (const name of [sessionCookie, methodCookie, signedInCookie]) reply.clearCookie(name, { path: '/' })
}
