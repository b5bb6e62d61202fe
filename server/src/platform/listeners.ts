import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { StartProblem } from './environment.ts'
import type { HttpServer } from './http-server.ts'
import type { ListenAddress } from './listen-address.ts'
import type { Logger } from './logger.ts'
import { makeRoomForSocket, withSocketMask } from './socket-file.ts'
import { markUnixSocket } from './unix-sockets.ts'

export type Listeners = {
  /** @throws {StartProblem} when it cannot listen at one of them */
  listen(addresses: readonly ListenAddress[]): Promise<void>
  /** Takes nobody any more; done when the connections that were taken have ended. */
  close(): Promise<void>
}

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
    await withSocketMask(() => http.listen(address))
  }

  async function handOn(address: ListenAddress): Promise<void> {
    const isUnix = 'path' in address
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
      if (isUnix) markUnixSocket(socket)
      http.server.emit('connection', socket)
    })
    others.push(server)
    const listening = () => once(server.listen(address), 'listening')
    await (isUnix ? withSocketMask(listening) : listening())
    logger.info(`Server listening at ${nameOf(address)}`)
  }

  return {
    async listen(addresses) {
      for (const address of addresses)
        if ('path' in address) await makeRoomForSocket(address.path, 'PORCHLIGHT_LISTEN')
      const portsFirst = [...addresses].sort((a, b) => Number('path' in a) - Number('path' in b))
      for (const address of portsFirst)
        await (http.server.listening ? handOn(address) : listenItself(address)).catch(explain(address))
    },
    async close() {
      await Promise.all(
        others.filter(({ listening }) => listening).map((server) => once(server.close(), 'close')),
      )
    },
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
