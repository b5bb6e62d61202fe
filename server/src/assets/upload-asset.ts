import { isUniqueViolation } from '../database/database.ts'
import { extensionOf } from '../media/media.ts'
import { newId } from '../platform/clock.ts'
import { badRequest } from '../platform/problem.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import { originalKey, type MediaStorage, type ReceivedFile } from '../storage/storage.ts'
import { uploadFields } from './asset-wire.ts'
import type { Assets, NewAsset } from './assets.ts'
import { discardUpload, supportedFile, type UploadForm } from './upload-form.ts'

export type Uploaded = { id: string; status: 'created' | 'duplicate' }

type Ports = { assets: Assets; storage: MediaStorage; files: FileKeeper }

/** Turns an upload into an asset: on the disk first, then known to the database, and only then acknowledged. */
export function createUpload({ assets, storage, files }: Ports) {
  return async function upload(ownerId: string, form: UploadForm): Promise<Uploaded> {
    try {
      const { received, asset } = toNewAsset(ownerId, form)
      const [known] = await assets.byChecksums(ownerId, [received.checksum])
      if (known) return { id: known.id, status: 'duplicate' }
      return await keep(asset, received)
    } finally {
      await discardUpload(form, storage)
    }
  }

  async function keep(asset: NewAsset, received: ReceivedFile): Promise<Uploaded> {
    const key = asset.originalKey
    await files.place(received.path, key)
    let mayBeKept = false
    try {
      await assets.add(asset, async (tx) => {
        await files.settle(tx, [key])
        mayBeKept = true
      })
      return { id: asset.id, status: 'created' }
    } catch (error) {
      const raced = isUniqueViolation(error)
      // What fails later may fail after the commit: then only the sweep at the next start knows.
      if (!mayBeKept) await files.abandon(key)
      const [winner] = raced ? await assets.byChecksums(asset.ownerId, [asset.checksum]) : []
      if (!winner) throw error
      return { id: winner.id, status: 'duplicate' }
    }
  }
}

function toNewAsset(
  ownerId: string,
  { fields, file }: UploadForm,
): { asset: NewAsset; received: ReceivedFile } {
  const {
    filename,
    isFavorite = false,
    visibility = 'timeline',
    duration,
    ...dates
  } = uploadFields.parse(fields)
  if (!file) throw badRequest('Field(s) assetData should not be empty')
  const { name, mediaType } = supportedFile(filename ?? file.name)
  if (file.received.bytes === 0) throw badRequest('File is empty')

  const id = newId()
  const { type } = mediaType
  return {
    received: file.received,
    asset: {
      id,
      ownerId,
      checksum: file.received.checksum,
      ...mediaType,
      originalKey: originalKey({ ownerId, id }, extensionOf(name)),
      originalFileName: name,
      size: file.received.bytes,
      visibility,
      isFavorite,
      duration: type === 'VIDEO' ? (duration ?? null) : null,
      ...dates,
    },
  }
}
