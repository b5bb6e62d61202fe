import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Children = {
  /** Starts a program whose output goes to our own. When it ends by itself, everything ends. */
  start: (command: string, args: string[], env?: Record<string, string>) => ChildProcess
  /** Stops all of them, by their pids. */
  stop: () => Promise<void>
}

/** The programs a script runs beside itself. One Ctrl-C (or SIGTERM) stops them all, then the script. */
export function openChildren(): Children {
  const running = new Set<ChildProcess>()
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= stopAll(running))
  const stopAndExit = (code: number) => void stop().then(() => process.exit(code))
  process.once('SIGINT', () => stopAndExit(0))
  process.once('SIGTERM', () => stopAndExit(0))

  return {
    stop,
    start: (command, args, env = {}) => {
      const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
      running.add(child)
      child.once('exit', (code) => {
        running.delete(child)
        if (stopping === undefined) stopAndExit(code ?? 1)
      })
      return child
    },
  }
}

async function stopAll(running: Set<ChildProcess>): Promise<void> {
  for (const child of running) child.kill('SIGTERM')
  for (let waited = 0; running.size > 0 && waited < 5000; waited += 50) await sleep(50)
  for (const child of running) child.kill('SIGKILL')
}

/** Waits until the address answers at all. @throws after a minute */
export async function untilAnswers(url: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answers) return
    await sleep(100)
  }
  throw new Error(`${url} does not answer`)
}

/** The wished port on 127.0.0.1, or another free one where that is taken. */
export function portNear(wish: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', () => (wish === 0 ? reject(new Error('no free port')) : resolve(portNear(0))))
    server.listen(wish, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wish))
    })
  })
}
