import type { Job } from '../jobs/jobs.ts'
import type { Media } from '../media/media.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import { derivedKey, type MediaStorage } from '../storage/storage.ts'
import { jobNames, type Assets } from './assets.ts'
import { giveUpOnUnreadable, originalOf } from './metadata-job.ts'

type Ports = { assets: Assets; storage: MediaStorage; files: FileKeeper; media: Media }

/** Makes the preview and the thumbnail. A video without ffmpeg on the machine is done without them. */
export const createThumbnailJob = ({ assets, storage, files, media }: Ports): Job => ({
  name: jobNames.thumbnails,
  async run(assetId) {
    const asset = await assets.find(assetId)
    if (!asset) return
    const to = { preview: storage.scratchPath('.jpeg'), thumbnail: storage.scratchPath('.webp') }
    try {
      const derived = await media.derive(originalOf(asset, storage), to).catch(giveUpOnUnreadable)
      if (!derived) return
      const previewKey = derivedKey(asset, 'preview.jpeg')
      const thumbnailKey = derivedKey(asset, 'thumbnail.webp')
      await files.place(to.preview, previewKey)
      await files.place(to.thumbnail, thumbnailKey)
      const keys = [previewKey, thumbnailKey]
      const saved = await assets.saveDerived(assetId, { ...derived, previewKey, thumbnailKey }, (tx) =>
        files.settle(tx, keys),
      )
      // Removed by its owner meanwhile.
      if (!saved) for (const key of keys) await files.abandon(key)
    } finally {
      await storage.discard(to.preview)
      await storage.discard(to.thumbnail)
    }
  },
})
