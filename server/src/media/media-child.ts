import { fork, type ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import type { Logger } from '../platform/logger.ts'
import { Unreadable } from './media.ts'
import type { MediaAnswer, MediaResult, MediaTask } from './media-tasks.ts'
import { residentMemory } from './resident-memory.ts'

/** The process ended while several tasks were at work, so nobody knows whose fault it was. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

export type MediaChild = ReturnType<typeof startMediaChild>

type Settings = {
  logger: Logger
  /** Bytes: the process takes no new task when it has this after one. */
  maxMemory: number
  /** Bytes: above it, the process is ended while it works. */
  memoryCeiling: number
}

type Waiting = {
  resolve: (result: MediaResult) => void
  reject: (error: Error) => void
  /** Whether another task was at work at any time beside it. */
  hadCompany: boolean
}

const memoryCheckMs = 200

/**
 * One life of the media process. Once it is retired, it gets no new task. A task that takes too long or too much
 * memory ends it: that task is unreadable when it was alone, else all are interrupted, to be tried again one by one.
 */
export function startMediaChild({ logger, maxMemory, memoryCeiling }: Settings) {
  const child = forkWorker()
  const waiting = new Map<number, Waiting>()
  const lastWords = keepEnd(child)
  let retired = false
  let hasEnded = false
  let unwanted = false
  let nextId = 1
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const watch = setInterval(() => void checkMemory(), memoryCheckMs).unref()

  void ended.then(() => {
    retired = true
    hasEnded = true
    clearInterval(watch)
    const reason = `the media process ended: ${lastWords() || child.signalCode || child.exitCode}`
    if (waiting.size > 0) logger.warn({ tasks: waiting.size }, reason)
    for (const { reject, hadCompany } of waiting.values())
      reject(hadCompany && !unwanted ? new Interrupted(reason) : new Error(reason))
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

  async function checkMemory(): Promise<void> {
    if (waiting.size === 0 || hasEnded || child.pid === undefined) return
    const before = [...waiting.keys()]
    if ((await residentMemory(child.pid)) <= memoryCeiling) return
    for (const id of before)
      blame(id, `needs more than ${Math.round(memoryCeiling / 1024 ** 2)} MB of memory`)
    kill(child)
  }

  /** Before the process is ended on account of a task. In company it may be innocent, and hears so when all end. */
  function blame(id: number, reason: string): void {
    const blamed = waiting.get(id)
    retired = true
    if (!blamed || blamed.hadCompany) return
    waiting.delete(id)
    blamed.reject(new Unreadable(reason))
  }

  return {
    isBusy: () => waiting.size > 0,
    isRetired: () => retired,
    hasEnded: () => hasEnded,
    ended,
    async perform(task: MediaTask, limitMs: number): Promise<MediaResult> {
      const id = nextId++
      const timer = setTimeout(() => {
        blame(id, `took longer than ${limitMs / 1_000} s`)
        kill(child)
      }, limitMs).unref()
      try {
        return await new Promise<MediaResult>((resolve, reject) => {
          waiting.set(id, { resolve, reject, hadCompany: false })
          if (waiting.size > 1) for (const one of waiting.values()) one.hadCompany = true
          child.send({ id, task }, (error) => error && reject(error))
        })
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    /** What it was doing fails. */
    async end(): Promise<void> {
      retired = true
      unwanted = true
      kill(child)
      await ended
    },
  }
}

const forkWorker = (): ChildProcess =>
  fork(new URL('./media-worker.ts', import.meta.url), {
    env: childEnvironment(),
    execArgv: ['--max-semi-space-size=2', '--expose-gc'],
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })

/** The whole group, so that no ffmpeg is left behind. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
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
