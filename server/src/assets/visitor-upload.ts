import type { FastifyRequest } from 'fastify'
import { forbidden } from '../platform/problem.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import type { MediaStorage } from '../storage/storage.ts'
import type { Visit } from '../users/visit.ts'
import type { Assets } from './assets.ts'
import { createUpload, type Uploaded } from './upload-asset.ts'
import { readUploadForm } from './upload-form.ts'
import { stopAboveQuota } from './upload-quota.ts'

type Ports = { assets: Assets; storage: MediaStorage; files: FileKeeper }

/**
 * An upload by shared link: it becomes the owner's and part of what is shared.
 *
 * Unlike a member, a visitor must send the bytes, not their checksum alone, and is not told that the owner has the file
 * already: else a checksum would tell what is in the library, and draw it into the link.
 */
export async function uploadByVisitor(
  request: FastifyRequest,
  visit: Visit,
  ports: Ports,
): Promise<Uploaded> {
  if (!visit.mayUpload) throw forbidden()
  const { owner } = visit
  const form = await readUploadForm(request, { ...ports, onBytes: stopAboveQuota(owner) })
  // How the owner keeps it is not the visitor's to say.
  const { isFavorite: _, visibility: __, ...fields } = form.fields
  const { id, status } = await createUpload(ports)(owner.id, { ...form, fields })
  const shown = await visit.holds([id])
  if (shown.has(id)) return { id, status }
  const asset = await ports.assets.byId({ ownerId: owner.id, id })
  // What the owner has put away stays there, whoever has a copy of it.
  if (asset?.visibility === 'timeline' && asset.deletedAt === null) await visit.take(id)
  return { id, status: 'created' }
}
