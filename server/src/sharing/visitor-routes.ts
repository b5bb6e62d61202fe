import type { FastifyRequest } from 'fastify'
import type { Albums } from '../albums/albums.ts'
import type { Assets } from '../assets/assets.ts'
import type { Report } from '../audit/audit.ts'
import { alsoByLink, open } from '../platform/access.ts'
import type { AttemptLimit } from '../platform/attempt-limit.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, forbidden, Problem, unauthenticated } from '../platform/problem.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import { visitOf } from '../users/visit.ts'
import { linkCookie, rememberPassword } from './link-password.ts'
import { linkLoginBody, shareQuery, sharedLinkResponse, toVisitorLink } from './shared-link-wire.ts'
import { shareAddressIn, type OpenLink, type SharedLinks } from './sharing.ts'
import { createShownByLink } from './shown-by-link.ts'

type Ports = {
  links: SharedLinks
  albums: Pick<Albums, 'byId'>
  assets: Pick<Assets, 'byIds'>
  passwords: Pick<PasswordHashes, 'verify'>
  limit: AttemptLimit
  /** Where a request comes from, for counting wrong passwords. */
  placeOf: (request: FastifyRequest) => Promise<string>
  /** For the `Secure` flag of the cookie. */
  cameByHttps: (request: FastifyRequest) => Promise<boolean>
  report: Report
}

const tags = ['shared-links']

/** What somebody without an account does with the link that she was given. */
export function visitorRoutes(app: HttpServer, ports: Ports): void {
  const { links, albums, assets } = ports
  const shownBy = createShownByLink({ links, albums, assets })

  app.get(
    '/api/shared-links/me',
    {
      config: { access: alsoByLink(false) },
      schema: { tags, querystring: shareQuery, response: { 200: sharedLinkResponse } },
    },
    async (request) => {
      const visit = visitOf(request)
      const link = visit && (await links.byId({ userId: visit.owner.id, id: visit.linkId }))
      if (!link) throw forbidden()
      return toVisitorLink(link, await shownBy(link, visit.owner))
    },
  )

  // Public, since it comes before a visit: nobody's cookies, keys and headers are looked at, only the link's address.
  app.post(
    '/api/shared-links/login',
    {
      config: { access: open },
      schema: { tags, querystring: shareQuery, body: linkLoginBody, response: { 201: sharedLinkResponse } },
    },
    async (request, reply) => {
      reply.header('Cache-Control', 'private, no-store')
      const address = shareAddressIn(request)
      if (!address) throw unauthenticated()
      const found = await links.at(address)
      if (!found) throw unauthenticated('key' in address ? 'Invalid share key' : 'Invalid share slug')
      await checkPassword(request, found, ports)
      const cookie = request.cookies[linkCookie]
      rememberPassword(reply, found, { cookie, secure: await ports.cameByHttps(request) })
      const { link, owner } = found
      return reply.status(201).send(toVisitorLink(link, await shownBy(link, owner)))
    },
  )
}

async function checkPassword(
  request: FastifyRequest,
  { link, passwordHash }: OpenLink,
  { passwords, limit, placeOf, report }: Pick<Ports, 'passwords' | 'limit' | 'placeOf' | 'report'>,
): Promise<void> {
  if (passwordHash === null) throw badRequest('Shared link is not password protected')
  const refused = (code: string) => {
    const about = { method: 'shared-link', userId: link.userId, details: { id: link.id } }
    report(request, { kind: 'sign_in_refused', code, ...about })
  }
  const attempt = await limit
    .begin({ subject: link.id, place: await placeOf(request) })
    .catch((error: unknown) => {
      if (error instanceof Problem) refused('too_many_attempts')
      throw error
    })
  const { password } = request.body as { password: string }
  if (await passwords.verify(password, passwordHash)) return attempt.succeeded()
  refused('wrong_link_password')
  throw unauthenticated('Invalid password')
}
