import { join } from 'node:path'
import { createAlbumStore } from './albums/album-store.ts'
import { announceAssets } from './assets/announced-assets.ts'
import { jobNames } from './assets/assets.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { createMetadataJob } from './assets/metadata-job.ts'
import { createRemoveFileJob } from './assets/remove-file-job.ts'
import { createThumbnailJob } from './assets/thumbnail-job.ts'
import type { Database, DatabaseKind, DatabaseTransaction } from './database/database.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import type { QueueName } from './jobs/job-routes.ts'
import { createJobStore } from './jobs/job-store.ts'
import { createMediaProcess } from './media/media-process.ts'
import type { Clock } from './platform/clock.ts'
import type { Environment } from './platform/environment.ts'
import type { Logger } from './platform/logger.ts'
import { createFileIntentStore } from './storage/file-intent-store.ts'
import { createFileKeeper } from './storage/file-keeper.ts'
import { createProfilePictures } from './profile-pictures/profile-pictures.ts'
import { readHolder } from './storage/holder.ts'
import { createLocalMediaStorage } from './storage/local-media-storage.ts'
import { keepThumbnails } from './storage/thumbnail-shelf.ts'
import { personOf } from './storage/storage.ts'
import { createTimelineStore } from './timeline/timeline-store.ts'

export type Library = Awaited<ReturnType<typeof openLibrary>>

type Surroundings = {
  db: Database
  kind: DatabaseKind
  dataDir: string
  environment: Environment
  logger: Logger
  clock: Clock
}

/** Bytes: some six hundred thumbnails. */
const thumbnailMemory = 8 * 1024 * 1024

/** The parts that keep and show a household's media, put together; leftovers of a crash are swept before it returns. */
export async function openLibrary({ db, kind, dataDir, environment, logger, clock }: Surroundings) {
  const holder = readHolder(dataDir)
  const local = createLocalMediaStorage({ folder: join(dataDir, 'media') })
  const storage = keepThumbnails(local, { maxBytes: thumbnailMemory })
  const files = createFileKeeper({ db, storage, intents: createFileIntentStore({ db, holder, clock }) })
  const { PORCHLIGHT_FFMPEG_PATH: ffmpeg, PORCHLIGHT_FFPROBE_PATH: ffprobe } = environment.values
  const media = createMediaProcess({ logger, tools: { ffmpeg, ffprobe }, scratchPath: storage.scratchPath })
  const queue = createJobQueue({ store: createJobStore({ db, kind, clock, holder }), logger })
  const { assets, onChange } = announceAssets(createAssetStore({ db, kind, jobs: queue, clock }))

  const removeLater = (tx: DatabaseTransaction, key: string) => queue.enqueue(tx, jobNames.removeFile, key)
  const pictures = createProfilePictures({ db, storage, files, media, clock, logger, removeLater })

  const knowsFile = (key: string) => (personOf(key) === undefined ? assets : pictures).knowsFile(key)
  const swept = await files.sweep(knowsFile)
  if (swept > 0) logger.info({ files: swept }, 'files that a crash left behind were removed')

  return {
    storage,
    files,
    media,
    assets,
    pictures,
    onChange,
    jobs: queue,
    albums: createAlbumStore({ db, clock }),
    timeline: createTimelineStore({ db }),
    startJobs: () =>
      queue.start([
        createMetadataJob({ assets, storage, media }),
        createThumbnailJob({ assets, storage, files, media }),
        createRemoveFileJob({ storage }),
      ]),
    async close() {
      await pictures.close()
      await queue.stop()
      await media.close()
    },
  }
}

/** Under which of Immich's queues an admin sees our jobs. */
export function queueOf(jobName: string): QueueName {
  if (jobName === jobNames.metadata) return 'metadataExtraction'
  return jobName === jobNames.thumbnails ? 'thumbnailGeneration' : 'backgroundTask'
}
