import type { FastifyReply, FastifyRequest } from 'fastify'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { noAccess, notFound } from '../platform/problem.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { userOf } from '../users/caller.ts'
import { thumbnailQuery } from './asset-wire.ts'
import type { Asset, Assets } from './assets.ts'
import { sendFile } from '../storage/file-reply.ts'
import { idParams } from './wire-fields.ts'

type Ports = { assets: Assets; storage: MediaStorage }

const tags = ['assets']

/** The bytes: originals, videos to play, thumbnails and previews. */
export function assetFileRoutes(app: HttpServer, { assets, storage }: Ports): void {
  const sendOriginal = async (request: FastifyRequest, reply: FastifyReply, asset: Asset | undefined) => {
    const file = asset && (await storage.open(asset.originalKey))
    // Immich's clients expect this for whatever goes wrong here, also for other people's assets.
    if (!file) throw notFound('Not Found')
    const { mimeType, checksum: etag, originalFileName: name } = asset
    return sendFile(request, reply, { file, mimeType, etag, name })
  }

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/original',
    config: { access: signedIn('asset.download') },
    schema: { tags, params: idParams },
    handler: async (request, reply) => {
      const asset = await assets.byId({ ownerId: userOf(request).id, id: request.params.id })
      return sendOriginal(request, reply, asset)
    },
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/video/playback',
    config: { access: signedIn('asset.view') },
    schema: { tags, params: idParams },
    handler: async (request, reply) => {
      const asset = await assets.byId({ ownerId: userOf(request).id, id: request.params.id })
      return sendOriginal(request, reply, asset?.type === 'VIDEO' ? asset : undefined)
    },
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/thumbnail',
    config: { access: signedIn('asset.view') },
    schema: { tags, params: idParams, querystring: thumbnailQuery },
    handler: async (request, reply) => {
      const asset = await assets.byId({ ownerId: userOf(request).id, id: request.params.id })
      if (!asset) throw noAccess('asset.view')
      const { size } = request.query
      if (size === 'original') return reply.redirect('original')
      if (size === 'fullsize')
        return reply.redirect(isForBrowsers(asset) ? 'original' : 'thumbnail?size=preview')
      return sendDerived(request, reply, { asset, size })
    },
  })

  async function sendDerived(
    request: FastifyRequest,
    reply: FastifyReply,
    { asset, size }: { asset: Asset; size: 'thumbnail' | 'preview' },
  ) {
    const key = size === 'preview' ? asset.previewKey : asset.thumbnailKey
    const file = key === null ? undefined : await storage.open(key)
    if (!file) throw notFound('Asset media not found')
    const [mimeType, extension] = size === 'preview' ? ['image/jpeg', 'jpeg'] : ['image/webp', 'webp']
    const name = `${asset.originalFileName}_${size}.${extension}`
    return sendFile(request, reply, { file, mimeType, etag: file.tag, name })
  }
}

const shownByBrowsers = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/svg+xml',
])
const isForBrowsers = ({ mimeType }: Asset) => shownByBrowsers.has(mimeType)
