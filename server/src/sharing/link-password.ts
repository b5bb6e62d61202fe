import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { OpenLink } from './sharing.ts'

/** Immich's name. Holds the tokens of the links whose password was given, with commas between. */
export const linkCookie = 'immich_shared_link_token'

/** Seconds. */
const oneDay = 24 * 60 * 60

/** So many links one browser opens in a day; the oldest make room. */
const mostTokens = 20

/**
 * What a browser holds once the password was given. Made of the salted hash, so that nobody can make it from the link, and
 * so that a new password asks everybody again.
 */
const tokenFor = ({ link, passwordHash }: OpenLink): string =>
  createHash('sha256').update(`shared link:${link.id}:${passwordHash}`).digest('base64url')

const tokensIn = (cookie: string | undefined): string[] =>
  (cookie ?? '').split(',').filter((token) => /^[\w-]{43}$/.test(token))

/** Whether the link asks for no password, or this browser has given it. */
export const passwordWasGiven = (open: OpenLink, cookie: string | undefined): boolean =>
  open.passwordHash === null || tokensIn(cookie).includes(tokenFor(open))

/** Remembers for a day that the password was given, for scripts out of reach. */
export function rememberPassword(
  reply: FastifyReply,
  open: OpenLink,
  { cookie, secure }: { cookie: string | undefined; secure: boolean },
): void {
  const token = tokenFor(open)
  const others = tokensIn(cookie).filter((one) => one !== token)
  reply.setCookie(linkCookie, [...others, token].slice(-mostTokens).join(','), {
    path: '/',
    sameSite: 'lax',
    httpOnly: true,
    secure,
    maxAge: oneDay,
  })
}
