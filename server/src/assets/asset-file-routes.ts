import type { FastifyReply, FastifyRequest } from 'fastify'
import { alsoByLink } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { noAccess, notFound } from '../platform/problem.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { visitOf } from '../users/visit.ts'
import { thumbnailQuery } from './asset-wire.ts'
import type { Asset, Assets } from './assets.ts'
import { sendFile } from '../storage/file-reply.ts'
import { seenAsset } from './seen-asset.ts'
import { idParams } from './wire-fields.ts'

type Ports = { assets: Assets; storage: MediaStorage }

const tags = ['assets']

/** The bytes: originals, videos to play, thumbnails and previews. */
export function assetFileRoutes(app: HttpServer, { assets, storage }: Ports): void {
  const sendOriginal = async (request: FastifyRequest, reply: FastifyReply, asset: Asset | undefined) => {
    const file = asset && (await storage.open(asset.originalKey))
    // Immich's clients expect this for whatever goes wrong here, also for other people's assets.
    if (!file) throw notFound('Not Found')
    const { mimeType, checksum: etag } = asset
    const sent = { file, mimeType, etag, name: nameFor(request, asset), secret: isSecret(asset) }
    return sendFile(request, reply, sent)
  }

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/original',
    config: { access: alsoByLink('asset.download') },
    schema: { tags, params: idParams },
    handler: async (request, reply) => {
      const visit = visitOf(request)
      const asset = await seenAsset(assets, request, request.params.id)
      return sendOriginal(request, reply, visit && !visit.mayDownload ? undefined : asset)
    },
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/video/playback',
    config: { access: alsoByLink('asset.view') },
    schema: { tags, params: idParams },
    handler: async (request, reply) => {
      const asset = await seenAsset(assets, request, request.params.id)
      return sendOriginal(request, reply, asset?.type === 'VIDEO' ? asset : undefined)
    },
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/assets/:id/thumbnail',
    config: { access: alsoByLink('asset.view') },
    schema: { tags, params: idParams, querystring: thumbnailQuery },
    handler: async (request, reply) => {
      const asset = await seenAsset(assets, request, request.params.id)
      if (!asset) throw noAccess('asset.view')
      const { size } = request.query
      const visit = visitOf(request)
      if (size === 'original') return reply.redirect(`original${shareQueryOf(request, '?')}`)
      if (size === 'fullsize') {
        const original = isForBrowsers(asset) && (!visit || visit.mayDownload)
        return reply.redirect(
          original
            ? `original${shareQueryOf(request, '?')}`
            : `thumbnail?size=preview${shareQueryOf(request, '&')}`,
        )
      }
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
    const name = `${nameFor(request, asset)}_${size}.${extension}`
    return sendFile(request, reply, { file, mimeType, etag: file.tag, name, secret: isSecret(asset) })
  }
}

/** A link that keeps metadata back keeps the file's name back too. */
const nameFor = (request: FastifyRequest, { id, originalFileName }: Asset): string =>
  visitOf(request)?.showsMetadata === false ? id : originalFileName

/** A browser that is sent on has no other way to name the link again. */
function shareQueryOf(request: FastifyRequest, before: '?' | '&'): string {
  if (!visitOf(request)) return ''
  const address = shareNamesIn(request.query as Record<string, unknown>)
  return address === '' ? '' : `${before}${address}`
}

function shareNamesIn({ key, slug }: Record<string, unknown>): string {
  const names = new URLSearchParams()
  if (typeof key === 'string') names.set('key', key)
  if (typeof slug === 'string') names.set('slug', slug)
  return names.toString()
}

const shownByBrowsers = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/svg+xml',
])
const isSecret = ({ visibility }: Asset) => visibility === 'locked'
const isForBrowsers = ({ mimeType }: Asset) => shownByBrowsers.has(mimeType)
