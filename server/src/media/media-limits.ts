import type { MediaTask } from './media-tasks.ts'

/**
 * How long a task may take when nobody says otherwise, in milliseconds. A drawing is the cheapest to make endless; HEIC
 * is decoded without the help of the processor's vector units; in a video, ffmpeg has its own and shorter limits.
 */
export function defaultLimitMs(task: MediaTask): number {
  if (task.kind === 'programs') return 30_000
  if (task.original.type === 'VIDEO') return 90_000
  return limitsByType[task.original.mimeType] ?? 30_000
}

const limitsByType: Partial<Record<string, number>> = {
  'image/svg+xml': 10_000,
  'image/heic': 60_000,
  'image/heif': 60_000,
}
