import type { FastifyRequest } from 'fastify'
import { userOf } from '../users/caller.ts'
import { opensLocked } from '../users/locked-folder.ts'
import { visitOf } from '../users/visit.ts'
import type { Asset, Assets } from './assets.ts'

/** The asset if whoever asks may see it: it is her own, or the link by which she came shows it. */
export async function seenAsset(
  assets: Pick<Assets, 'byId'>,
  request: FastifyRequest,
  id: string,
): Promise<Asset | undefined> {
  const visit = visitOf(request)
  if (!visit) return assets.byId({ ownerId: userOf(request).id, id, opensLocked: opensLocked(request) })
  const shown = await visit.holds([id])
  return shown.has(id) ? assets.byId({ ownerId: visit.owner.id, id }) : undefined
}
