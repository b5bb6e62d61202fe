import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Albums } from '../albums/albums.ts'
import type { Assets } from '../assets/assets.ts'
import type { AuditKind, Report } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import { linkAssetRoutes } from './link-asset-routes.ts'
import { createShownByLink } from './shown-by-link.ts'
import {
  createLinkBody,
  editLinkBody,
  keptPassword,
  linkParams,
  linksQuery,
  sharedLinkResponse,
  toLinkResponse,
} from './shared-link-wire.ts'
import type { SharedLink, SharedLinks } from './sharing.ts'

type Ports = {
  links: SharedLinks
  albums: Pick<Albums, 'byId'>
  assets: Pick<Assets, 'owned' | 'byIds'>
  passwords: Pick<PasswordHashes, 'hash'>
  report: Report
}

const tags = ['shared-links']

/** A member's own links: make, see, change and delete them. */
export function sharedLinkRoutes(app: HttpServer, ports: Ports): void {
  readRoutes(app, ports)
  createRoute(app, ports)
  changeRoutes(app, ports)
  linkAssetRoutes(app, ports)
}

function readRoutes(app: HttpServer, { links, albums, assets }: Ports): void {
  const shownBy = createShownByLink({ links, albums, assets })

  app.get(
    '/api/shared-links',
    {
      config: { access: signedIn('sharedLink.read') },
      schema: { tags, querystring: linksQuery, response: { 200: z.array(sharedLinkResponse) } },
    },
    async (request) => {
      const owner = userOf(request)
      const found = await links.list(owner.id, request.query)
      return Promise.all(found.map(async (link) => toLinkResponse(link, await shownBy(link, owner))))
    },
  )

  app.get(
    '/api/shared-links/:id',
    {
      config: { access: signedIn('sharedLink.read') },
      schema: { tags, params: linkParams, response: { 200: sharedLinkResponse } },
    },
    async (request) => {
      const owner = userOf(request)
      const link = found(await links.byId({ userId: owner.id, id: request.params.id }))
      return toLinkResponse(link, await shownBy(link, owner))
    },
  )
}

function createRoute(app: HttpServer, { links, albums, assets, passwords, report }: Ports): void {
  const shownBy = createShownByLink({ links, albums, assets })

  app.post(
    '/api/shared-links',
    {
      config: { access: signedIn('sharedLink.create') },
      schema: { tags, body: createLinkBody, response: { 201: sharedLinkResponse } },
    },
    async (request, reply) => {
      const owner = userOf(request)
      const { type, albumId, assetIds = [], password, slug, ...given } = request.body
      if (type === 'ALBUM') await mustOwnAlbum(owner.id, albumId)
      else await mustOwnAssets(owner.id, assetIds)
      const link = await links.add({
        userId: owner.id,
        type,
        albumId: type === 'ALBUM' ? (albumId ?? null) : null,
        assetIds: type === 'ALBUM' ? [] : assetIds,
        passwordHash: password ? await passwords.hash(password) : null,
        slug: slug || null,
        description: given.description ?? null,
        expiresAt: given.expiresAt ?? null,
        allowUpload: given.allowUpload ?? false,
        allowDownload: given.allowDownload ?? true,
        showMetadata: given.showMetadata ?? true,
      })
      tell(report, request, { kind: 'shared_link_made', link })
      return reply.status(201).send(toLinkResponse(link, await shownBy(link, owner)))
    },
  )

  async function mustOwnAlbum(ownerId: string, albumId: string | undefined): Promise<void> {
    if (albumId === undefined) throw badRequest('Invalid albumId')
    if (!(await albums.byId({ ownerId, id: albumId }))) throw noAccess('album.share')
  }

  async function mustOwnAssets(ownerId: string, assetIds: readonly string[]): Promise<void> {
    if (assetIds.length === 0) throw badRequest('Invalid assetIds')
    const owned = await assets.owned(ownerId, assetIds)
    if (!assetIds.every((id) => owned.has(id))) throw noAccess('asset.share')
  }
}

function changeRoutes(app: HttpServer, { links, albums, assets, passwords, report }: Ports): void {
  const shownBy = createShownByLink({ links, albums, assets })

  app.patch(
    '/api/shared-links/:id',
    {
      config: { access: signedIn('sharedLink.update') },
      schema: { tags, params: linkParams, body: editLinkBody, response: { 200: sharedLinkResponse } },
    },
    async (request) => {
      const owner = userOf(request)
      const { password, slug, ...changes } = request.body
      const at = { userId: owner.id, id: request.params.id }
      found(await links.byId(at))
      const link = await links.change(at, {
        ...changes,
        slug: slug === '' ? null : slug,
        passwordHash: await newHash(password),
      })
      tell(report, request, { kind: 'shared_link_changed', link: found(link) })
      return toLinkResponse(found(link), await shownBy(found(link), owner))
    },
  )

  app.delete(
    '/api/shared-links/:id',
    {
      config: { access: signedIn('sharedLink.delete') },
      schema: { tags, params: linkParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const at = { userId: userOf(request).id, id: request.params.id }
      const link = found(await links.byId(at))
      await links.remove(at)
      tell(report, request, { kind: 'shared_link_deleted', link })
      return reply.status(204).send(null)
    },
  )

  /** Undefined: as it is. */
  async function newHash(password: string | null | undefined): Promise<string | null | undefined> {
    if (password === undefined || password === keptPassword) return undefined
    return password ? passwords.hash(password) : null
  }
}

function found(link: SharedLink | undefined): SharedLink {
  if (!link) throw badRequest('Shared link not found')
  return link
}

/** Without key and slug, which open the link. */
function tell(
  report: Report,
  request: FastifyRequest,
  { kind, link }: { kind: AuditKind; link: SharedLink },
) {
  const { id: userId, email } = userOf(request)
  const { id, type, hasPassword, expiresAt, allowUpload, allowDownload, showMetadata } = link
  const details = { id, type, protected: hasPassword, expiresAt, allowUpload, allowDownload, showMetadata }
  report(request, { kind, userId, email, details })
}
