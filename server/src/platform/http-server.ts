import { randomUUID } from 'node:crypto'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Logger } from './logger.ts'
import type { Access } from './access.ts'
import { Problem } from './problem.ts'

/** The server as the domains see it: Fastify with schemas by zod. */
export type HttpServer = ReturnType<typeof createHttpServer>

/** A route as it was declared, for the list in the docs. */
export type DeclaredRoute = { method: string; url: string; access: Access | undefined }

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of this server, in the order of declaration; HEAD, which goes with each GET, is left out. */
    declaredRoutes: DeclaredRoute[]
  }
}

/** Longest body of somebody nobody has looked at yet, in bytes: what a stranger can make the server hold. */
const strangersLimit = 64 * 1024
/** Longest JSON body of somebody known: a bulk check of 5,000 files with long paths stays below it. */
const jsonLimit = 4 * 1024 * 1024
/** A connection on which nothing moves for this long is closed, in milliseconds. A slow upload moves. */
const silence = 120_000

/**
 * A Fastify server that answers errors as Immich's clients expect them and refuses undeclared routes.
 *
 * `checkAnswers` sends every answer through its schema (tests do); otherwise it is trusted and only serialised.
 * Fastify's `trustProxy` stays off: `X-Forwarded-*` never changes what this server believes about its peer.
 */
export function createHttpServer({ logger, checkAnswers }: { logger: Logger; checkAnswers: boolean }) {
  const loggerInstance: FastifyBaseLogger = logger
  const app = fastify({
    loggerInstance,
    trustProxy: false,
    bodyLimit: strangersLimit,
    connectionTimeout: silence,
    logController: new LogController({ disableRequestLogging: true }),
    // Other upgrades, such as curl's to HTTP/2, are offers that may be passed over: an ordinary request.
    http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    requestIdHeader: false,
    genReqId: (request) => correlationId(request.headers['x-correlation-id']),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // What fails before a route is found comes past the hooks below.
    frameworkErrors: (error, request, reply) => {
      addCommonHeaders(request, reply)
      void sendError(error, request, reply)
    },
  }).withTypeProvider<ZodTypeProvider>()

  app.setValidatorCompiler(validateWithZod)
  app.setSerializerCompiler(checkAnswers ? serializerCompiler : () => (answer) => JSON.stringify(answer))
  app.setErrorHandler(sendError)
  acceptEmptyJson(app)
  app.addHook('onRequest', async (request, reply) => addCommonHeaders(request, reply))
  keepRouteList(app)
  return app
}

function addCommonHeaders(request: Pick<FastifyRequest, 'id'>, reply: Pick<FastifyReply, 'header'>): void {
  reply.header('X-Correlation-ID', request.id)
  reply.header('X-Content-Type-Options', 'nosniff')
}

/**
 * Keeps the list of routes, and gives those that look at their caller room for a long body.
 *
 * @throws while the server is put together, for a route under `/api` that does not say who may call it
 */
function keepRouteList(app: FastifyInstance): void {
  const declared: DeclaredRoute[] = []
  app.decorate('declaredRoutes', declared)
  app.addHook('onRoute', (route) => {
    const { method, url, config } = route
    const access = config?.access
    if (access && 'permission' in access) route.bodyLimit ??= jsonLimit
    if (url.startsWith('/api') && !access) {
      throw new Error(`${String(method)} ${url} does not declare who may call it`)
    }
    for (const one of [method].flat()) if (one !== 'HEAD') declared.push({ method: one, url, access })
  })
}

/** Hands zod's own error on, since Immich's clients know its issues and their texts. */
function validateWithZod({ schema }: { schema: unknown }) {
  return (data: unknown) => {
    const parsed = (schema as z.ZodType).safeParse(data)
    return parsed.success ? { value: parsed.data } : { error: parsed.error }
  }
}

/** Clients send `content-type: application/json` on calls that have nothing to say; that is no error. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

/** The client's own id is echoed where it is a plain token; anything else could forge log lines. */
function correlationId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[\w-]{1,64}$/.test(sent) ? sent : randomUUID()
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = describeError(error)
  if (status >= 500)
    request.log.error({ err: error, method: request.method, url: pathOf(request) }, 'request failed')
  if (error instanceof Problem && error.retryAfter !== undefined)
    reply.header('Retry-After', error.retryAfter)
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

function describeError(error: unknown): { status: number; body: object } {
  if (error instanceof Problem) {
    const code = error.code === undefined ? {} : { code: error.code }
    return { status: error.status, body: { message: error.message, ...code } }
  }
  if (error instanceof z.ZodError) {
    return { status: 400, body: { message: 'Validation failed', errors: error.issues } }
  }
  // The framework's own 4xx (unknown content type, body too large…) stay what they are.
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string }
  if (statusCode >= 400 && statusCode < 500) return { status: statusCode, body: { message } }
  return { status: 500, body: { message: 'Internal server error' } }
}

/** The path without its query: a query may hold a session or share key. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? ''
