import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type ProgramSpec = {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  cwd?: string
  logFile: string
  /** Resolves to true once the program can be used; asked again and again until then. */
  ready: () => Promise<boolean>
  readyWithinMs?: number
}

/** A real program that runs in the foreground as our child. It is stopped by its own pid and nothing else. */
export type Program = {
  name: string
  pid: number
  /** Everything it printed so far. */
  log: () => string
  /** Sends the signal (SIGTERM unless told otherwise), waits for the end, and insists after five seconds. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

const alive = new Set<number>()
process.once('exit', () => {
  for (const pid of alive) signalQuietly(pid, 'SIGKILL')
})

/** Starts the program and waits until it is ready. @throws with the end of its log if it ends or hangs before */
export async function startProgram(spec: ProgramSpec): Promise<Program> {
  const out = openSync(spec.logFile, 'a')
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...neutralEnvironment(), ...spec.env },
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  const log = () => readFileSync(spec.logFile, 'utf8')
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`))
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${spec.name} could not be started: ${await ended}`)
  alive.add(pid)
  void ended.then(() => alive.delete(pid))

  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (!alive.has(pid)) return
    signalQuietly(pid, signal)
    const insist = setTimeout(() => signalQuietly(pid, 'SIGKILL'), 5000)
    await ended
    clearTimeout(insist)
  }

  const why = await Promise.race([ended, whenReady(spec)])
  if (why === 'ready') return { name: spec.name, pid, log, stop }
  await stop('SIGKILL')
  throw new Error(`${spec.name} did not get ready: ${why}\n${log().slice(-4000)}`)
}

/** Our own environment without settings of Porchlight that the person who runs the tests may have set. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PORCHLIGHT|IMMICH)_/.test(name)),
  )
}

async function whenReady({ ready, readyWithinMs = 20_000 }: ProgramSpec): Promise<string> {
  const deadline = Date.now() + readyWithinMs
  while (Date.now() < deadline) {
    if (await ready().catch(() => false)) return 'ready'
    await sleep(25)
  }
  return `not ready within ${readyWithinMs} ms`
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** True when something accepts connections there. */
export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
