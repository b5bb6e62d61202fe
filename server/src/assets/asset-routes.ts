import { z } from 'zod'
import { alsoByLink, signedIn } from '../platform/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { noAccess } from '../platform/problem.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { userOf } from '../users/caller.ts'
import { mustOpenLocked, opensLocked, type OpensLocked } from '../users/locked-folder.ts'
import type { User } from '../users/users.ts'
import { visitOf } from '../users/visit.ts'
import { assetFileRoutes } from './asset-file-routes.ts'
import {
  assetResponse,
  bulkDeleteBody,
  bulkUpdateBody,
  statisticsQuery,
  statisticsResponse,
  toAssetResponse,
  updateAssetBody,
} from './asset-wire.ts'
import type { AssetChanges, Assets } from './assets.ts'
import { seenAsset } from './seen-asset.ts'
import { trashRoutes } from './trash-routes.ts'
import { uploadRoutes } from './upload-routes.ts'
import { seenAssetResponse, toVisitorAsset } from './visitor-asset-wire.ts'
import { idParams } from './wire-fields.ts'

type Ports = {
  assets: Assets
  storage: MediaStorage
  files: FileKeeper
  clock: Clock
  /** Off: what is deleted is gone at once. */
  trashEnabled: () => Promise<boolean>
}

const tags = ['assets']

/** Everything about a member's own pictures and videos. */
export function assetRoutes(app: HttpServer, ports: Ports): void {
  uploadRoutes(app, ports)
  assetFileRoutes(app, ports)
  trashRoutes(app, ports)
  readRoutes(app, ports)
  changeRoutes(app, ports)
  deleteRoute(app, ports)
}

function readRoutes(app: HttpServer, { assets }: Ports): void {
  app.get(
    '/api/assets/statistics',
    {
      config: { access: signedIn('asset.statistics') },
      schema: { tags, querystring: statisticsQuery, response: { 200: statisticsResponse } },
    },
    async (request) => {
      if (request.query.visibility === 'locked') await mustOpenLocked(request)
      const { images, videos } = await assets.statistics({ ownerId: userOf(request).id, ...request.query })
      return { images, videos, total: images + videos }
    },
  )

  app.get(
    '/api/assets/:id',
    {
      config: { access: alsoByLink('asset.read') },
      schema: { tags, params: idParams, response: { 200: seenAssetResponse } },
    },
    async (request) => {
      const { id } = request.params
      const visit = visitOf(request)
      if (!visit) {
        const asked = { permission: 'asset.read', opensLocked: opensLocked(request) }
        return describe(assets, { owner: userOf(request), id, ...asked })
      }
      const asset = await seenAsset(assets, request, id)
      const found = asset && (await assets.withExif({ ownerId: asset.ownerId, id }))
      if (!found) throw noAccess('asset.read')
      return toVisitorAsset(found.asset, visit, found.exif)
    },
  )
}

function changeRoutes(app: HttpServer, { assets }: Ports): void {
  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/assets/:id',
    config: { access: signedIn('asset.update') },
    schema: { tags, params: idParams, body: updateAssetBody, response: { 200: assetResponse } },
    handler: async (request) => {
      const owner = userOf(request)
      const { id } = request.params
      const asked = { permission: 'asset.update', opensLocked: opensLocked(request) }
      await mustOwn(assets, { ownerId: owner.id, ids: [id], ...asked })
      await assets.change({ ownerId: owner.id, ids: [id] }, toChanges(request.body))
      // Whoever puts something into the locked folder is told how it is, this once.
      const shown = request.body.visibility === 'locked' ? async () => true : asked.opensLocked
      return describe(assets, { owner, id, ...asked, opensLocked: shown })
    },
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/assets',
    config: { access: signedIn('asset.update') },
    schema: { tags, body: bulkUpdateBody, response: { 204: z.null() } },
    handler: async (request, reply) => {
      const { ids, dateTimeRelative: shiftMinutes, timeZone, ...body } = request.body
      const ownerId = userOf(request).id
      await mustOwn(assets, { ownerId, ids, permission: 'asset.update', opensLocked: opensLocked(request) })
      await assets.change({ ownerId, ids }, { ...toChanges(body), shiftMinutes, timeZone })
      return reply.status(204).send(null)
    },
  })
}

function deleteRoute(app: HttpServer, { assets, clock, trashEnabled }: Ports): void {
  app.delete(
    '/api/assets',
    {
      config: { access: signedIn('asset.delete') },
      schema: { tags, body: bulkDeleteBody, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { ids, force = false } = request.body
      const ownerId = userOf(request).id
      await mustOwn(assets, { ownerId, ids, permission: 'asset.delete', opensLocked: opensLocked(request) })
      if (force || !(await trashEnabled())) await assets.remove({ ownerId, ids })
      else await assets.setTrashed({ ownerId, ids }, clock.now().toISOString())
      return reply.status(204).send(null)
    },
  )
}

type Asked = { permission: string; opensLocked: OpensLocked }

/** All or nothing: one asset of somebody else refuses the whole request. */
export async function mustOwn(
  assets: Assets,
  { ownerId, ids, permission, opensLocked }: { ownerId: string; ids: readonly string[] } & Asked,
): Promise<void> {
  const owned = await assets.owned(ownerId, ids, opensLocked)
  if (!ids.every((id) => owned.has(id))) throw noAccess(permission)
}

async function describe(
  assets: Assets,
  { owner, id, permission, opensLocked }: { owner: User; id: string } & Asked,
): Promise<z.infer<typeof assetResponse>> {
  const found = await assets.withExif({ ownerId: owner.id, id, opensLocked })
  if (!found) throw noAccess(permission)
  return toAssetResponse(found.asset, { exif: found.exif, owner })
}

function toChanges(body: z.output<typeof updateAssetBody>): AssetChanges {
  const { dateTimeOriginal: captured, latitude, longitude, ...rest } = body
  const place = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined
  return { ...rest, captured, place }
}
