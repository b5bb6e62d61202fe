import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { type HttpServer, pathOf } from '../platform/http-server.ts'
import { pageHeaders } from './page-headers.ts'

type Ports = {
  webDir: string
  settings: Settings
  signInOnDocument(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** The page of a shared link, if it is one: its status, and what to add to its head. */
  sharePageFor(request: FastifyRequest): Promise<{ status: 200 | 404; head: string } | undefined>
}

/**
 * Serves the built web client: its files as they are, and `index.html` for every other page, since the client routes by
 * itself. Unknown paths under `/api` answer as Immich does.
 */
export async function webPages(
  app: HttpServer,
  { webDir, settings, signInOnDocument, sharePageFor }: Ports,
): Promise<void> {
  const page = await readFile(join(webDir, 'index.html'), 'utf8').catch(() => undefined)
  const headers = pageHeaders(page ?? '')

  if (page !== undefined) {
    await app.register(fastifyStatic, {
      root: webDir,
      index: false,
      wildcard: false,
      globIgnore: ['**/index.html'],
      preCompressed: true,
      setHeaders: (reply, file) => {
        // Files under /immutable/ carry their content's hash in the name.
        const lasting = file.includes('/immutable/')
        reply.header(
          'Cache-Control',
          lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
        )
      },
    })
  }

  app.get('/custom.css', { schema: { hide: true } }, async (_request, reply) => {
    const { config } = await settings.current()
    return reply
      .type('text/css; charset=utf-8')
      .header('Cache-Control', 'no-cache')
      .send(config.theme.customCss)
  })

  app.setNotFoundHandler(async (request, reply) => {
    if (!isPage(request)) {
      return reply.status(404).send({ message: `Cannot ${request.method} ${pathOf(request)}` })
    }
    reply.headers(headers)
    if (asksForHtml(request)) await signInOnDocument(request, reply)
    if (page === undefined) return reply.status(503).type('text/plain').send(notBuilt)
    const { status = 200, head = '' } = (await sharePageFor(request)) ?? {}
    // By a function: a `$` in the text means nothing then.
    const html = page.replace('</head>', (end) => head + end)
    return reply.status(status).type('text/html; charset=utf-8').send(html)
  })
}

const notBuilt = 'The web client is not built here. Run: npm run build -w web'

function isPage(request: FastifyRequest): boolean {
  const path = pathOf(request)
  if (!['GET', 'HEAD'].includes(request.method) || path === '/api' || path.startsWith('/api/')) return false
  // Whoever looks whether the server is up takes anything, and asks for the first page.
  return path === '/' || asksForHtml(request)
}

const asksForHtml = ({ headers }: FastifyRequest) => (headers.accept ?? '').includes('text/html')
