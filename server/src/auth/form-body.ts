import { parse } from 'node:querystring'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { HttpServer } from '../platform/http-server.ts'

/** What a login service sends to sign somebody out (OpenID Connect Back-Channel Logout 1.0, section 2.5). */
export const logoutForm = z.object({ logout_token: z.string().min(1).max(16_384) })

/** Lets the routes of `scope` read forms. Elsewhere a form, which every foreign page may send, is no body at all. */
export function takeForms(scope: HttpServer): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, readForm)
}

function readForm(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (error: null, form: unknown) => void,
) {
  done(null, parse(String(body)))
}

/** Section 2.8: never kept by a cache. */
export const uncached = (reply: FastifyReply): FastifyReply => reply.header('Cache-Control', 'no-store')
