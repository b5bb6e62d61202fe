import { fork, type ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import type { Logger } from '../platform/logger.ts'
import { Unreadable, type Derived, type Media, type Metadata, type Programs } from './media.ts'
import type { MediaAnswer, MediaResult, MediaTask } from './media-tasks.ts'
import type { VideoTools } from './video-frame.ts'

type Ports = {
  logger: Logger
  tools: VideoTools
  /** A path for the process to write to and remove again. */
  scratchPath: (extension: string) => string
  idleMs?: number
  timeoutMs?: number
  /** Resident memory, bytes, above which the process is replaced as soon as it has nothing to do. */
  maxMemory?: number
}

type Waiting = { task: MediaTask; resolve: (result: MediaResult) => void; reject: (error: Error) => void }

/** Decoders keep what they once took: a big HEIC would otherwise hold its memory for a minute. */
const defaultMaxMemory = 180 * 1024 * 1024

/**
 * `Media` by a child process: started when there is work, replaced when it dies or grows, ended when idle. A file that
 * crashes or hangs a decoder costs that process, never the server.
 */
export function createMediaProcess(ports: Ports): Media {
  const { tools, scratchPath, idleMs = 60_000, timeoutMs = 120_000 } = ports
  let child: MediaChild | undefined
  let idle: NodeJS.Timeout | undefined

  async function send(task: MediaTask): Promise<MediaResult> {
    // Never two at once: what the next one needs, the last one must have given back.
    while (child?.isRetired() && !child.hasEnded()) await child.ended
    if (!child || child.isRetired()) child = startChild({ ...ports, timeoutMs })
    clearTimeout(idle)
    const current = child
    try {
      return await current.perform(task)
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

type MediaChild = ReturnType<typeof startChild>

/** One life of the process. Once it is retired, it gets no new task. */
function startChild({ logger, timeoutMs, maxMemory = defaultMaxMemory }: Ports & { timeoutMs: number }) {
  const child = fork(new URL('./media-worker.ts', import.meta.url), {
    env: childEnvironment(),
    execArgv: ['--max-semi-space-size=2', '--expose-gc'],
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const waiting = new Map<number, Waiting>()
  const lastWords = keepEnd(child)
  let retired = false
  let hasEnded = false
  let nextId = 1
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })

  void ended.then(() => {
    retired = true
    hasEnded = true
    const error = new Error(`the media process ended: ${lastWords() || child.signalCode || child.exitCode}`)
    for (const { reject } of waiting.values()) reject(error)
    if (waiting.size > 0) logger.warn({ tasks: waiting.size }, error.message)
    waiting.clear()
  })

  child.on('message', (answer: MediaAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.memory > maxMemory) retired = true
    if (!asked) return
    if ('result' in answer) asked.resolve(answer.result)
    else asked.reject(answer.unreadable ? new Unreadable(answer.error) : new Error(answer.error))
  })

  /** The whole group, so that no ffmpeg is left behind. */
  const kill = () => {
    retired = true
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
  }

  return {
    isBusy: () => waiting.size > 0,
    isRetired: () => retired,
    hasEnded: () => hasEnded,
    ended,
    async perform(task: MediaTask): Promise<MediaResult> {
      const id = nextId++
      const timer = setTimeout(() => {
        waiting.get(id)?.reject(new Unreadable(`took longer than ${timeoutMs / 1_000} s`))
        waiting.delete(id)
        kill()
      }, timeoutMs).unref()
      try {
        return await new Promise<MediaResult>((resolve, reject) => {
          waiting.set(id, { task, resolve, reject })
          child.send({ id, task }, (error) => error && reject(error))
        })
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    async end(): Promise<void> {
      kill()
      await ended
    },
  }
}

/** Nothing of our own environment but the path: it holds database passwords. */
function childEnvironment(): NodeJS.ProcessEnv {
  const compileCache = getCompileCacheDir()
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
    // Bitmaps go back to the system at once instead of staying with the C library: half the memory for a tenth of the speed.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '65536',
    MALLOC_TRIM_THRESHOLD_: '65536',
  }
}

/** The last things a process said on its standard error, for the log when it dies. */
function keepEnd(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-500)
  })
  return () => text.trim().replaceAll('\n', ' | ')
}
