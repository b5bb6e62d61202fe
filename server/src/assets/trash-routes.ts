import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { noAccess } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import { opensLocked } from '../users/locked-folder.ts'
import { countResponse } from './asset-wire.ts'
import type { Assets } from './assets.ts'
import { idsBody } from './wire-fields.ts'

const tags = ['trash']
const answers = { 200: countResponse }

/** Out of the trash again, or away for good. */
export function trashRoutes(app: HttpServer, { assets }: { assets: Assets }): void {
  const config = { access: signedIn('asset.delete') }

  app.post('/api/trash/restore', { config, schema: { tags, response: answers } }, async (request, reply) => {
    const ownerId = userOf(request).id
    const count = await assets.setTrashed({ ownerId, ids: await assets.idsInTrash(ownerId) }, null)
    return reply.status(200).send({ count })
  })

  app.post(
    '/api/trash/restore/assets',
    { config, schema: { tags, body: idsBody, response: answers } },
    async (request, reply) => {
      const ownerId = userOf(request).id
      const { ids } = request.body
      const owned = await assets.owned(ownerId, ids, opensLocked(request))
      if (!ids.every((id) => owned.has(id))) throw noAccess('asset.delete')
      const count = await assets.setTrashed({ ownerId, ids }, null)
      return reply.status(200).send({ count })
    },
  )

  app.post('/api/trash/empty', { config, schema: { tags, response: answers } }, async (request, reply) => {
    const ownerId = userOf(request).id
    const count = await assets.remove({ ownerId, ids: await assets.idsInTrash(ownerId) })
    return reply.status(200).send({ count })
  })
}
