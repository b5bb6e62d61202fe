import { once } from 'node:events'
import { lstat, unlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { StartProblem } from './environment.ts'
import type { HttpServer } from './http-server.ts'
import type { ListenAddress } from './listen-address.ts'
import type { Logger } from './logger.ts'
import { markUnixSocket } from './unix-sockets.ts'

export type Listeners = {
  /** @throws {StartProblem} when it cannot listen at one of them */
  listen(addresses: readonly ListenAddress[]): Promise<void>
  /** Takes nobody any more; done when the connections that were taken have ended. */
  close(): Promise<void>
}

/** Reading and writing for owner and group, nothing for others: who may open the socket may be everybody. */
const maskOfSockets = 0o117

/**
 * Lets one HTTP server take connections at several addresses. The server itself waits at the first (at a port, if there
 * is any); the others hand their connections on to it, so that all of them go the same way.
 */
export function createListeners({ http, logger }: { http: HttpServer; logger: Logger }): Listeners {
  const others: Server[] = []

  async function listenItself(address: ListenAddress): Promise<void> {
    if (!('path' in address)) return void (await http.listen(address))
    // Nothing but unix sockets is listed, so that every connection comes by one.
    http.server.prependListener('connection', markUnixSocket)
    await withMask(maskOfSockets, () => http.listen(address))
  }

  async function handOn(address: ListenAddress): Promise<void> {
    const isUnix = 'path' in address
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
      if (isUnix) markUnixSocket(socket)
      http.server.emit('connection', socket)
    })
    others.push(server)
    const listening = () => once(server.listen(address), 'listening')
    await (isUnix ? withMask(maskOfSockets, listening) : listening())
    logger.info(`Server listening at ${nameOf(address)}`)
  }

  return {
    async listen(addresses) {
      for (const address of addresses) if ('path' in address) await makeRoom(address.path)
      const portsFirst = [...addresses].sort((a, b) => Number('path' in a) - Number('path' in b))
      for (const address of portsFirst)
        await (http.server.listening ? handOn(address) : listenItself(address)).catch(explain(address))
    },
    async close() {
      await Promise.all(others.map((server) => server.listening && once(server.close(), 'close')))
    },
  }
}

/** The mode of a socket file is that of its making: changed afterwards, it would have been open for a moment. */
async function withMask(mask: number, work: () => Promise<unknown>): Promise<void> {
  const before = process.umask(mask)
  try {
    await work()
  } finally {
    process.umask(before)
  }
}

/** A server that was killed leaves its socket file behind; one that lives answers on it. */
async function makeRoom(path: string): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StartProblem(`PORCHLIGHT_LISTEN: ${path} cannot be looked at: ${error.message}`)
  })
  if (!there) return
  if (!there.isSocket())
    throw new StartProblem(`PORCHLIGHT_LISTEN: ${path} is there already and is no socket`)
  if (await somebodyAnswers(path))
    throw new StartProblem(`PORCHLIGHT_LISTEN: another program listens on ${path}`)
  await unlink(path)
}

async function somebodyAnswers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false
    throw new StartProblem(`PORCHLIGHT_LISTEN: ${path} cannot be tried: ${message}`)
  } finally {
    socket.destroy()
  }
}

const nameOf = (address: ListenAddress): string =>
  'path' in address ? `unix:${address.path}` : `http://${address.host}:${address.port}`

function explain(address: ListenAddress) {
  return (error: Error): never => {
    const where = 'path' in address ? address.path : `port ${address.port} of ${address.host}`
    throw new StartProblem(`PORCHLIGHT_LISTEN: Porchlight cannot listen on ${where}: ${error.message}`)
  }
}
