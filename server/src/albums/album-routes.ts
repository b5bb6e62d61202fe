import { z } from 'zod'
import type { Assets } from '../assets/assets.ts'
import { idsBody } from '../assets/wire-fields.ts'
import { alsoByLink, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import { visitOf, type Visit } from '../users/visit.ts'
import {
  albumAssetsResponse,
  albumParams,
  albumQuery,
  albumResponse,
  createAlbumBody,
  toAlbumResponse,
  updateAlbumBody,
} from './album-wire.ts'
import type { Album, Albums } from './albums.ts'

type Ports = { albums: Albums; assets: Pick<Assets, 'owned'> }

const tags = ['albums']

/** A member's own albums. */
export function albumRoutes(app: HttpServer, ports: Ports): void {
  listRoutes(app, ports)
  changeRoutes(app, ports)
  contentRoutes(app, ports)
}

function listRoutes(app: HttpServer, { albums, assets }: Ports): void {
  app.get(
    '/api/albums',
    {
      config: { access: signedIn('album.read') },
      schema: { tags, querystring: albumQuery, response: { 200: z.array(albumResponse) } },
    },
    async (request) => {
      const owner = userOf(request)
      const { isOwned, isShared, shared, ...filter } = request.query
      // Albums are shared by link alone.
      if (isOwned === false) return []
      const wanted = filter.assetId === undefined ? (isShared ?? shared) : undefined
      const found = await albums.list(owner.id, filter)
      return found
        .filter((album) => wanted === undefined || album.hasSharedLink === wanted)
        .map((album) => toAlbumResponse(album, owner))
    },
  )

  app.post(
    '/api/albums',
    {
      config: { access: signedIn('album.create') },
      schema: { tags, body: createAlbumBody, response: { 201: albumResponse } },
    },
    async (request, reply) => {
      const owner = userOf(request)
      const { albumName: name, description = '', assetIds = [] } = request.body
      const owned = await assets.owned(owner.id, assetIds)
      const id = await albums.add({ ownerId: owner.id, name, description })
      await albums.addAssets(id, [...owned])
      const album = await mine(albums, { ownerId: owner.id, id, permission: 'album.read' })
      return reply.status(201).send(toAlbumResponse(album, owner))
    },
  )

  app.get(
    '/api/albums/:id',
    {
      config: { access: alsoByLink('album.read') },
      schema: { tags, params: albumParams, response: { 200: albumResponse } },
    },
    async (request) => {
      const visit = visitOf(request)
      if (visit) return visitedAlbum(albums, visit, request.params.id)
      const owner = userOf(request)
      const album = await mine(albums, { ownerId: owner.id, id: request.params.id, permission: 'album.read' })
      const contributorCounts =
        album.assetCount === 0 ? [] : [{ userId: owner.id, assetCount: album.assetCount }]
      return { ...toAlbumResponse(album, owner), contributorCounts }
    },
  )
}

function changeRoutes(app: HttpServer, { albums, assets }: Ports): void {
  app.patch(
    '/api/albums/:id',
    {
      config: { access: signedIn('album.update') },
      schema: { tags, params: albumParams, body: updateAlbumBody, response: { 200: albumResponse } },
    },
    async (request) => {
      const owner = userOf(request)
      const { id } = request.params
      const { albumName: name, albumThumbnailAssetId: cover, ...rest } = request.body
      await mine(albums, { ownerId: owner.id, id, permission: 'album.update' })
      if (cover !== undefined && !(await assets.owned(owner.id, [cover])).has(cover)) {
        throw badRequest('Invalid album thumbnail')
      }
      await albums.change(id, { name, thumbnailAssetId: cover, ...rest })
      return toAlbumResponse(await mine(albums, { ownerId: owner.id, id, permission: 'album.read' }), owner)
    },
  )

  app.delete(
    '/api/albums/:id',
    {
      config: { access: signedIn('album.delete') },
      schema: { tags, params: albumParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id } = request.params
      await mine(albums, { ownerId: userOf(request).id, id, permission: 'album.delete' })
      await albums.remove(id)
      return reply.status(204).send(null)
    },
  )
}

function contentRoutes(app: HttpServer, { albums, assets }: Ports): void {
  const schema = { tags, params: albumParams, body: idsBody, response: { 200: albumAssetsResponse } }

  app.put(
    '/api/albums/:id/assets',
    { config: { access: signedIn('albumAsset.create') }, schema },
    async (request) => {
      const ownerId = userOf(request).id
      const { id } = request.params
      await mine(albums, { ownerId, id, permission: 'albumAsset.create' })
      const owned = await assets.owned(ownerId, request.body.ids)
      const added = await albums.addAssets(id, [...owned])
      return request.body.ids.map((assetId) => {
        if (!owned.has(assetId)) return { id: assetId, success: false, error: 'no_permission' as const }
        // The same id twice in one request is a duplicate the second time.
        if (!added.delete(assetId)) return { id: assetId, success: false, error: 'duplicate' as const }
        return { id: assetId, success: true }
      })
    },
  )

  app.delete(
    '/api/albums/:id/assets',
    { config: { access: signedIn('albumAsset.delete') }, schema },
    async (request) => {
      const { id } = request.params
      await mine(albums, { ownerId: userOf(request).id, id, permission: 'albumAsset.delete' })
      const removed = await albums.removeAssets(id, request.body.ids)
      return request.body.ids.map((assetId) =>
        removed.delete(assetId)
          ? { id: assetId, success: true }
          : { id: assetId, success: false, error: 'not_found' as const },
      )
    },
  )
}

/** Only the album that the link is to, and without the address of whose it is. */
async function visitedAlbum(albums: Albums, { albumId, owner }: Visit, id: string) {
  const album = albumId === id ? await albums.byId({ ownerId: owner.id, id }) : undefined
  if (!album) throw noAccess('album.read')
  return toAlbumResponse(album, { ...owner, email: '', pictureKey: null })
}

async function mine(
  albums: Albums,
  { permission, ...owner }: { ownerId: string; id: string; permission: string },
): Promise<Album> {
  const album = await albums.byId(owner)
  if (!album) throw noAccess(permission)
  return album
}
