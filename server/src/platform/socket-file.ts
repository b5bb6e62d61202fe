import { once } from 'node:events'
import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { StartProblem } from './environment.ts'

/** Reading and writing for owner and group, nothing for others: who may open the socket may be everybody. */
const maskOfSockets = 0o117

/** The mode of a socket file is that of its making: changed afterwards, it would have been open for a moment. */
export async function withSocketMask(work: () => Promise<unknown>): Promise<void> {
  const before = process.umask(maskOfSockets)
  try {
    await work()
  } finally {
    process.umask(before)
  }
}

/**
 * A server that was killed leaves its socket file behind; one that lives answers on it.
 *
 * @param setting names the setting in messages
 * @throws {StartProblem} when something else is at the path
 */
export async function makeRoomForSocket(path: string, setting: string): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StartProblem(`${setting}: ${path} cannot be looked at: ${error.message}`)
  })
  if (!there) return
  if (!there.isSocket()) throw new StartProblem(`${setting}: ${path} is there already and is no socket`)
  if (await somebodyAnswers(path, setting))
    throw new StartProblem(`${setting}: another program listens on ${path}`)
  await unlink(path)
}

async function somebodyAnswers(path: string, setting: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false
    throw new StartProblem(`${setting}: ${path} cannot be tried: ${message}`)
  } finally {
    socket.destroy()
  }
}
