import { z } from 'zod'
import { adminOnly } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { JobCounts, Jobs } from './jobs.ts'

/** The queues that Immich's clients know; most of them have no work here. */
const queueNames = [
  'thumbnailGeneration',
  'metadataExtraction',
  'videoConversion',
  'faceDetection',
  'facialRecognition',
  'smartSearch',
  'duplicateDetection',
  'backgroundTask',
  'storageTemplateMigration',
  'migration',
  'search',
  'sidecar',
  'library',
  'notifications',
  'backupDatabase',
  'ocr',
  'workflow',
  'integrityCheck',
  'editor',
] as const

export type QueueName = (typeof queueNames)[number]

const number = z.number()
const queueResponse = z
  .object({
    queueStatus: z.object({ isActive: z.boolean(), isPaused: z.boolean() }),
    jobCounts: z.object({
      active: number,
      completed: number,
      failed: number,
      delayed: number,
      waiting: number,
      paused: number,
    }),
  })
  .meta({ id: 'QueueResponseLegacyDto' })

const queuesResponse = z.record(z.enum(queueNames), queueResponse).meta({ id: 'QueuesResponseLegacyDto' })

/** How much work is waiting, for admins. `queueOf` says under which of Immich's names a job is shown. */
export function jobRoutes(
  app: HttpServer,
  { jobs, queueOf }: { jobs: Jobs; queueOf: (jobName: string) => QueueName },
): void {
  app.get(
    '/api/jobs',
    {
      config: { access: adminOnly('job.read') },
      schema: { tags: ['jobs'], response: { 200: queuesResponse } },
    },
    async () => {
      const byQueue = new Map<QueueName, JobCounts>()
      for (const [name, counts] of await jobs.counts()) {
        const queue = queueOf(name)
        byQueue.set(queue, sum(byQueue.get(queue) ?? none, counts))
      }
      const entries = queueNames.map((name) => [name, toResponse(byQueue.get(name) ?? none)] as const)
      return Object.fromEntries(entries) as z.infer<typeof queuesResponse>
    },
  )
}

const none: JobCounts = { active: 0, waiting: 0, delayed: 0, failed: 0 }

const sum = (one: JobCounts, other: JobCounts): JobCounts => ({
  active: one.active + other.active,
  waiting: one.waiting + other.waiting,
  delayed: one.delayed + other.delayed,
  failed: one.failed + other.failed,
})

const toResponse = (counts: JobCounts): z.infer<typeof queueResponse> => ({
  queueStatus: { isActive: counts.active > 0, isPaused: false },
  // What is done is forgotten, and nothing can be paused.
  jobCounts: { ...counts, completed: 0, paused: 0 },
})
