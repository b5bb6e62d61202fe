import type { Logger } from '../platform/logger.ts'
import { Interrupted, startMediaChild, type MediaChild } from './media-child.ts'
import type { Derived, Media, Metadata, Programs } from './media.ts'
import { defaultLimitMs } from './media-limits.ts'
import type { MediaResult, MediaTask } from './media-tasks.ts'
import type { VideoTools } from './video-frame.ts'

type Ports = {
  logger: Logger
  tools: VideoTools
  /** A path for the process to write to and remove again. */
  scratchPath: (extension: string) => string
  idleMs?: number
  /** How long a task may take. */
  limitMs?: (task: MediaTask) => number
  /** Resident memory, bytes, above which the process is replaced as soon as it has nothing to do. */
  maxMemory?: number
  /** Resident memory, bytes, with its programs, at which the process is ended in the middle of its work. */
  memoryCeiling?: number
}

const megabyte = 1024 * 1024
/** Decoders keep what they once took: a big HEIC would otherwise hold its memory for a minute. */
const defaultMaxMemory = 180 * megabyte
/** The largest photos of today's telephones, HEIC of 48 megapixels, take some 600 MB at ten bytes a pixel. */
const defaultMemoryCeiling = 700 * megabyte

/**
 * `Media` by a child process: started when there is work, replaced when it dies or grows, ended when idle. A file that
 * crashes or hangs a decoder, or makes it grow without end, costs that process, never the server. What was at work
 * beside it is done again, alone.
 */
export function createMediaProcess(ports: Ports): Media {
  const { tools, scratchPath, logger, idleMs = 60_000, limitMs = defaultLimitMs } = ports
  const { maxMemory = defaultMaxMemory, memoryCeiling = defaultMemoryCeiling } = ports
  let child: MediaChild | undefined
  let idle: NodeJS.Timeout | undefined
  let closed = false
  const running = new Set<Promise<unknown>>()
  /** Those to be done alone: how many, and the end of their line. */
  let lonely = 0
  let line: Promise<unknown> = Promise.resolve()
  const isSomeoneAlone = () => lonely > 0

  async function send(task: MediaTask): Promise<MediaResult> {
    while (isSomeoneAlone()) await line
    try {
      return await noted(perform(task))
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      return sendAlone(task)
    }
  }

  function sendAlone(task: MediaTask): Promise<MediaResult> {
    lonely += 1
    const done = line.then(async () => {
      try {
        await Promise.allSettled(running)
        return await perform(task)
      } finally {
        lonely -= 1
      }
    })
    line = done.catch(() => undefined)
    return done
  }

  async function noted<T>(work: Promise<T>): Promise<T> {
    running.add(work)
    try {
      return await work
    } finally {
      running.delete(work)
    }
  }

  async function perform(task: MediaTask): Promise<MediaResult> {
    // Never two at once: what the next one needs, the last one must have given back.
    while (child?.isRetired() && !child.hasEnded()) await child.ended
    if (closed) throw new Error('the media process was closed')
    if (!child || child.isRetired()) child = startMediaChild({ logger, maxMemory, memoryCeiling })
    clearTimeout(idle)
    const current = child
    try {
      return await current.perform(task, limitMs(task))
    } finally {
      if (!current.isBusy()) {
        clearTimeout(idle)
        if (current.isRetired()) void current.end()
        else idle = setTimeout(() => void current.end(), idleMs).unref()
      }
    }
  }

  return {
    async derive(original, to) {
      const result = await send({ kind: 'derive', original, to, tools, scratch: scratchPath('.jpg') })
      return (result as Derived | null) ?? undefined
    },
    readMetadata: async (original) => (await send({ kind: 'metadata', original, tools })) as Metadata,
    programs: remembered(async () => (await send({ kind: 'programs', tools })) as Programs),
    async close() {
      closed = true
      clearTimeout(idle)
      await child?.end()
      child = undefined
    },
  }
}

/** Programs are seldom installed while the server runs, and asking starts a process. */
function remembered(ask: () => Promise<Programs>): () => Promise<Programs> {
  let last: { answer: Programs; until: number } | undefined
  return async () => {
    if (!last || last.until < performance.now())
      last = { answer: await ask(), until: performance.now() + 600_000 }
    return last.answer
  }
}
