import { GiveUp, type Job } from '../jobs/jobs.ts'
import { Unreadable, type Media } from '../media/media.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { jobNames, type Asset, type Assets } from './assets.ts'

type Ports = { assets: Assets; storage: MediaStorage; media: Media }

/** Reads date, place and camera from the original. */
export const createMetadataJob = ({ assets, storage, media }: Ports): Job => ({
  name: jobNames.metadata,
  async run(assetId) {
    const asset = await assets.find(assetId)
    if (!asset) return
    const metadata = await media.readMetadata(originalOf(asset, storage)).catch(giveUpOnUnreadable)
    await assets.saveMetadata(assetId, metadata)
  },
})

export const originalOf = ({ originalKey, mimeType, type }: Asset, storage: MediaStorage) => ({
  path: storage.localPath(originalKey),
  mimeType,
  type,
})

export function giveUpOnUnreadable(error: unknown): never {
  if (error instanceof Unreadable) throw new GiveUp(error.message, { cause: error })
  throw error
}
