import { albumRoutes } from './albums/album-routes.ts'
import { createAlbumStore } from './albums/album-store.ts'
import { assetRoutes } from './assets/asset-routes.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { jobNames, type LibraryUse } from './assets/assets.ts'
import { createMetadataJob } from './assets/metadata-job.ts'
import { createRemoveFileJob } from './assets/remove-file-job.ts'
import { createThumbnailJob } from './assets/thumbnail-job.ts'
import type { Database, DatabaseKind } from './database/database.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import { jobRoutes, type QueueName } from './jobs/job-routes.ts'
import { createJobStore } from './jobs/job-store.ts'
import { createMediaProcess } from './media/media-process.ts'
import type { Programs } from './media/media.ts'
import type { Clock } from './platform/clock.ts'
import type { HttpServer } from './platform/http-server.ts'
import type { Logger } from './platform/logger.ts'
import { createFileIntentStore } from './storage/file-intent-store.ts'
import { createFileKeeper } from './storage/file-keeper.ts'
import { readHolder } from './storage/holder.ts'
import { createLocalMediaStorage } from './storage/local-media-storage.ts'
import { createTimelineStore } from './timeline/timeline-store.ts'
import { timelineRoutes } from './timeline/timeline-routes.ts'

export type Library = {
  routes(app: HttpServer): void
  /** Sweeps what a crash left behind, then starts the jobs. Before anything listens. */
  start(): Promise<void>
  /** Lets running jobs end for a moment. After the HTTP server stopped, before the database closes. */
  stop(): Promise<void>
  libraryUse(): Promise<LibraryUse[]>
  programs(): Promise<Programs>
}

type Ports = {
  db: Database
  kind: DatabaseKind
  clock: Clock
  logger: Logger
  dataDir: string
  tools: { ffmpeg: string; ffprobe: string }
  trashEnabled: () => Promise<boolean>
  /** Jobs at once; as many as there are cores when not said. */
  concurrency?: number
}

const queues: Record<string, QueueName> = {
  [jobNames.thumbnails]: 'thumbnailGeneration',
  [jobNames.metadata]: 'metadataExtraction',
}

/** Puts together the parts that keep pictures: storage, jobs, media, assets, timeline, albums. */
export function createLibrary(ports: Ports): Library {
  const { db, kind, clock, logger, dataDir, tools, trashEnabled } = ports
  const holder = readHolder(dataDir)
  const storage = createLocalMediaStorage({ folder: dataDir })
  const files = createFileKeeper({ db, storage, intents: createFileIntentStore({ db, holder, clock }) })
  const jobs = createJobQueue({
    store: createJobStore({ db, kind, clock, holder }),
    logger,
    ...(ports.concurrency !== undefined && { concurrency: ports.concurrency }),
  })
  const media = createMediaProcess({ logger, tools, scratchPath: (extension) => storage.scratchPath(extension) })
  const assets = createAssetStore({ db, kind, jobs, clock })
  const albums = createAlbumStore({ db, clock })
  const timeline = createTimelineStore({ db })

  return {
    routes(app) {
      assetRoutes(app, { assets, storage, files, clock, trashEnabled })
      albumRoutes(app, { albums, assets })
      jobRoutes(app, { jobs, queueOf: (name) => queues[name] ?? 'backgroundTask' })
      timelineRoutes(app, {
        timeline,
        maySeeAlbum: async (ownerId, id) => (await albums.byId({ ownerId, id })) !== undefined,
      })
    },
    async start() {
      const removed = await files.sweep((key) => assets.knowsFile(key))
      if (removed > 0) logger.info(`removed ${removed} files that an interrupted upload had left behind`)
      await jobs.start([
        createThumbnailJob({ assets, storage, files, media }),
        createMetadataJob({ assets, storage, media }),
        createRemoveFileJob({ storage }),
      ])
    },
    async stop() {
      await jobs.stop()
      await media.close()
    },
    libraryUse: () => assets.libraryUse(),
    programs: () => media.programs(),
  }
}
