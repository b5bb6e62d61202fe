import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditKind, Report } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { plainText } from '../platform/plain-text.ts'
import { badRequest, forbidden } from '../platform/problem.ts'
import { callerOf, userOf, type Caller } from '../users/caller.ts'
import { grants, type ApiKey, type ApiKeys } from './api-keys.ts'

const apiKeyResponse = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    permissions: z.array(z.string()),
    expiresAt: z.string().optional().describe('Absent for a key without an end'),
  })
  .meta({ id: 'ApiKeyResponseDto' })

/** Both shapes that Immich's clients know: the flat one of 3.2 and the nested one before it. */
const apiKeyCreateResponse = apiKeyResponse
  .extend({ secret: z.string(), apiKey: apiKeyResponse })
  .meta({ id: 'ApiKeyCreateResponseDto' })

const permissionList = z.array(plainText(64).min(1)).min(1).max(300)
const createBody = z
  .object({
    name: plainText(256).optional(),
    permissions: permissionList,
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'ApiKeyCreateDto' })
const updateBody = createBody.omit({ expiresAt: true }).partial().meta({ id: 'ApiKeyUpdateDto' })
const params = z.object({ id: z.uuid() })

const toResponse = ({
  id,
  name,
  createdAt,
  updatedAt,
  permissions,
  expiresAt,
}: ApiKey): z.infer<typeof apiKeyResponse> => ({
  id,
  name,
  createdAt,
  updatedAt,
  permissions: [...permissions],
  ...(expiresAt === null ? {} : { expiresAt }),
})

const toCreateResponse = (made: { apiKey: ApiKey; secret: string }): z.infer<typeof apiKeyCreateResponse> => {
  const apiKey = toResponse(made.apiKey)
  return { ...apiKey, secret: made.secret, apiKey }
}

/** A person's own API keys. A key can never make or widen a key beyond itself. */
export function apiKeyRoutes(
  app: HttpServer,
  { apiKeys, report }: { apiKeys: ApiKeys; report: Report },
): void {
  const tell = (
    request: FastifyRequest,
    kind: AuditKind,
    details: { name?: string; id: string; change?: string },
  ) => {
    const { id: userId, email } = userOf(request)
    report(request, { kind, userId, email, details })
  }
  const tags = ['api-keys']

  app.post(
    '/api/api-keys',
    {
      config: { access: signedIn('apiKey.create') },
      schema: { tags, body: createBody, response: { 201: apiKeyCreateResponse } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { name, permissions } = request.body
      const userId = caller.user.id
      mayGrant(caller, permissions)
      const expiresAt = await endOf(caller, request.body.expiresAt)
      const made = await apiKeys.add({ userId, name: name?.trim() || 'API Key', permissions, expiresAt })
      tell(request, 'api_key_made', describe(toResponse(made.apiKey)))
      return reply.status(201).send(toCreateResponse(made))
    },
  )

  /** A key changes none that can do more than it, or lives longer. */
  async function mayTouch(caller: Caller, id: string): Promise<void> {
    if (caller.by !== 'api-key') return
    const target = await apiKeys.byId({ userId: caller.user.id, id })
    if (!target) return
    mayGrant(caller, target.permissions)
    const own = await endOf(caller, undefined)
    const outlives = target.expiresAt === null || Date.parse(target.expiresAt) > (own?.getTime() ?? Infinity)
    if (own && outlives) throw badRequest('Cannot change a key that outlives this one')
  }

  /** A key makes none that outlives it. */
  async function endOf(caller: Caller, wanted: string | undefined): Promise<Date | undefined> {
    const own =
      caller.by === 'api-key'
        ? await apiKeys.byId({ userId: caller.user.id, id: caller.apiKeyId })
        : undefined
    const ends = [wanted, own?.expiresAt ?? undefined]
      .filter((end) => end !== undefined)
      .map((end) => Date.parse(end))
    return ends.length === 0 ? undefined : new Date(Math.min(...ends))
  }

  app.get(
    '/api/api-keys',
    {
      config: { access: signedIn('apiKey.read') },
      schema: { tags, response: { 200: z.array(apiKeyResponse) } },
    },
    async (request) => (await apiKeys.listOf(userOf(request).id)).map(toResponse),
  )

  app.get(
    '/api/api-keys/me',
    { config: { access: signedIn(false) }, schema: { tags, response: { 200: apiKeyResponse } } },
    async (request) => {
      const caller = callerOf(request)
      if (caller.by !== 'api-key') throw forbidden('Not authenticated with an API Key')
      return toResponse(known(await apiKeys.byId({ userId: caller.user.id, id: caller.apiKeyId })))
    },
  )

  app.get(
    '/api/api-keys/:id',
    {
      config: { access: signedIn('apiKey.read') },
      schema: { tags, params, response: { 200: apiKeyResponse } },
    },
    async (request) =>
      toResponse(known(await apiKeys.byId({ userId: userOf(request).id, id: request.params.id }))),
  )

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/api-keys/:id',
    config: { access: signedIn('apiKey.update') },
    schema: { tags, params, body: updateBody, response: { 200: apiKeyResponse } },
    handler: async (request) => {
      const caller = callerOf(request)
      const { name, permissions } = request.body
      if (permissions) mayGrant(caller, permissions)
      await mayTouch(caller, request.params.id)
      const changes = {
        ...(name === undefined ? {} : { name }),
        ...(permissions === undefined ? {} : { permissions }),
      }
      const changed = toResponse(
        known(await apiKeys.change({ userId: caller.user.id, id: request.params.id }, changes)),
      )
      tell(request, 'api_key_changed', describe(changed))
      return changed
    },
  })

  app.post(
    '/api/api-keys/:id/rotate',
    {
      config: { access: signedIn('apiKey.update') },
      schema: { tags, params, response: { 201: apiKeyCreateResponse } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const of = { userId: caller.user.id, id: request.params.id }
      // Whoever replaces a secret holds it then, with all that it opens.
      await mayTouch(caller, of.id)
      const rotated = await apiKeys.rotate(of)
      if (!rotated) throw badRequest('API Key not found')
      tell(request, 'api_key_changed', { id: of.id, name: rotated.apiKey.name, change: 'rotated' })
      return reply.status(201).send(toCreateResponse(rotated))
    },
  )

  app.delete(
    '/api/api-keys/:id',
    { config: { access: signedIn('apiKey.delete') }, schema: { tags, params, response: { 204: z.null() } } },
    async (request, reply) => {
      const gone = await apiKeys.remove({ userId: userOf(request).id, id: request.params.id })
      if (!gone) throw badRequest('API Key not found')
      tell(request, 'api_key_deleted', { id: request.params.id })
      return reply.status(204).send(null)
    },
  )
}

const describe = ({ id, name, permissions }: z.infer<typeof apiKeyResponse>) => ({ id, name, permissions })

function mayGrant(caller: ReturnType<typeof callerOf>, permissions: readonly string[]): void {
  if (caller.by !== 'api-key') return
  if (permissions.some((permission) => !grants(caller.permissions, permission))) {
    throw badRequest('Cannot grant permissions you do not have')
  }
}

function known(apiKey: ApiKey | undefined): ApiKey {
  if (!apiKey) throw badRequest('API Key not found')
  return apiKey
}
