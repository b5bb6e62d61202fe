import type { Assets } from '../assets/assets.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import { linkAssetsBody, linkAssetsResponse, linkParams } from './shared-link-wire.ts'
import type { SharedLinks } from './sharing.ts'

type Ports = { links: SharedLinks; assets: Pick<Assets, 'owned'> }

const tags = ['shared-links']
const schema = { tags, params: linkParams, body: linkAssetsBody, response: { 200: linkAssetsResponse } }

/** What a link of type INDIVIDUAL shows. */
export function linkAssetRoutes(app: HttpServer, { links, assets }: Ports): void {
  app.put(
    '/api/shared-links/:id/assets',
    { config: { access: signedIn('sharedLink.update') }, schema },
    async (request) => {
      const userId = userOf(request).id
      const { id } = await individual({ userId, id: request.params.id })
      const { assetIds } = request.body
      const owned = await assets.owned(userId, assetIds)
      const added = await links.addAssets(id, [...owned])
      return assetIds.map((assetId) => {
        if (!owned.has(assetId)) return { assetId, success: false, error: 'no_permission' as const }
        if (!added.delete(assetId)) return { assetId, success: false, error: 'duplicate' as const }
        return { assetId, success: true }
      })
    },
  )

  app.delete(
    '/api/shared-links/:id/assets',
    { config: { access: signedIn('sharedLink.update') }, schema },
    async (request) => {
      const { id } = await individual({ userId: userOf(request).id, id: request.params.id })
      const { assetIds } = request.body
      const removed = await links.removeAssets(id, assetIds)
      return assetIds.map((assetId) =>
        removed.delete(assetId)
          ? { assetId, success: true }
          : { assetId, success: false, error: 'not_found' as const },
      )
    },
  )

  async function individual(at: { userId: string; id: string }) {
    const link = await links.byId(at)
    if (!link) throw badRequest('Shared link not found')
    if (link.type !== 'INDIVIDUAL') throw badRequest('Invalid shared link type')
    return link
  }
}
