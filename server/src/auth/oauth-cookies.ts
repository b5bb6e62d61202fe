import type { FastifyReply, FastifyRequest } from 'fastify'

const stateCookie = 'immich_oauth_state'
const verifierCookie = 'immich_oauth_code_verifier'
/** Longer than it takes to find one's second factor, in seconds. */
const lifetime = 20 * 60

type Kept = { state: string; codeVerifier: string }

/** What shows, when a browser comes back, that it is the one that left. */
export function keepOauthCookies(
  reply: FastifyReply,
  { state, codeVerifier, secure }: Kept & { secure: boolean },
): void {
  // Lax: the browser comes back from another site.
  const common = { path: '/', sameSite: 'lax', secure, httpOnly: true, maxAge: lifetime } as const
  reply.setCookie(stateCookie, state, common)
  reply.setCookie(verifierCookie, codeVerifier, common)
}

/** An empty cookie is none. */
export const oauthCookies = ({ cookies }: FastifyRequest): Partial<Kept> => ({
  ...(cookies[stateCookie] && { state: cookies[stateCookie] }),
  ...(cookies[verifierCookie] && { codeVerifier: cookies[verifierCookie] }),
})

export function clearOauthCookies(reply: FastifyReply): void {
  for (const name of [stateCookie, verifierCookie]) reply.clearCookie(name, { path: '/' })
}
