import { Worker } from 'node:worker_threads'
import { Problem } from '../platform/problem.ts'

/** Passwords are hashed one after another in a thread of low priority: pictures keep flowing while somebody guesses. */
export type PasswordHashes = {
  /** @returns a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
  hash(password: string): Promise<string>
  /** With no stored hash it takes as long as with one, so that an answer's time names no account. */
  verify(password: string, stored: string | null): Promise<boolean>
  /** A hash that another program made is as good as the password, and replaced when that is known again. */
  isOutdated(stored: string): boolean
  close(): Promise<void>
}

type Answer = { id: number; result: string | boolean }
type Question = { password: string; stored?: string | null }

/** The thread and its memory are given back when nobody has signed in for this long, in milliseconds. */
const idleTime = 30_000

/** More people than this cannot be signing in at once; more questions than this are an attack. */
const longestQueue = 256

export function createPasswordHashes(): PasswordHashes {
  const waiting = new Map<
    number,
    { resolve: (result: string | boolean) => void; reject: (error: Error) => void }
  >()
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let last = 0

  function start(): Worker {
    const started = new Worker(new URL('password-hash-worker.ts', import.meta.url))
    started.unref()
    started.on('message', ({ id, result }: Answer) => {
      waiting.get(id)?.resolve(result)
      waiting.delete(id)
      if (waiting.size === 0) idle = setTimeout(stop, idleTime).unref()
    })
    started.on('error', (error) => {
      worker = undefined
      rejectAll(error as Error)
    })
    return started
  }

  function rejectAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function stop(): Promise<unknown> {
    clearTimeout(idle)
    const stopping = worker?.terminate()
    worker = undefined
    return Promise.resolve(stopping)
  }

  function ask(question: Question): Promise<string | boolean> {
    if (waiting.size >= longestQueue) {
      throw new Problem(429, 'Too many people are signing in; try again in a moment', {
        code: 'too_many_sign_ins',
        retryAfter: 10,
      })
    }
    clearTimeout(idle)
    worker ??= start()
    const id = ++last
    const answer = new Promise<string | boolean>((resolve, reject) => waiting.set(id, { resolve, reject }))
    worker.postMessage({ id, ...question })
    return answer
  }

  return {
    hash: async (password) => String(await ask({ password })),
    verify: async (password, stored) => (await ask({ password, stored })) === true,
    isOutdated: (stored) => !stored.startsWith('$argon2id$'),
    close: async () => {
      await stop()
      rejectAll(new Error('the server is ending'))
    },
  }
}
