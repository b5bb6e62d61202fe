import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import { badRequest, notFound, Problem } from '../platform/problem.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Admission, Held, Live } from './live.ts'
import { createOpenSockets, type OpenSocket } from './open-sockets.ts'
import { refuseUpgrade } from './refused-upgrade.ts'
import { watchSockets } from './socket-watch.ts'

const path = '/api/socket.io'
/** Clients have nothing to say here but "I am still there", bytes. */
const longestMessage = 8 * 1024
/** How long a client may take for its first word, in milliseconds. */
const firstWord = 10_000

type Ports = {
  /** Whether the request may become a socket, and whose; asked before it is accepted. */
  admit(request: IncomingMessage): Promise<Admission>
  stillHeld(held: Held): Promise<Held>
  trustInForce(): Promise<string>
  /** What a client is told first. */
  version: object
  clock: Clock
  logger: Logger
}

/** Socket.io as Immich's clients speak it: websocket alone, path `/api/socket.io`, protocol 4. */
export function createLive({ admit, stillHeld, trustInForce, version, clock, logger }: Ports): Live {
  const sockets = createOpenSockets()
  const watch = watchSockets({ sockets, stillHeld, trustInForce, clock, logger })
  const admittedAs = new WeakMap<IncomingMessage, OpenSocket>()
  const io = startSocketIo()

  io.on('connection', (speaker) => {
    const open = admittedAs.get(speaker.request)
    if (!open || open.ended) return speaker.disconnect(true)
    open.speaker = speaker
    return speaker.emit('on_server_version', version)
  })

  async function receive(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> {
    const wrong = wrongRequest(request)
    if (wrong) return refuseUpgrade(connection, wrong)
    // Read before the person is looked at: what changes meanwhile is seen at the next look.
    const trust = await trustInForce()
    const admission = await admit(request)
    if (connection.destroyed) return
    if ('refused' in admission) return refuseUpgrade(connection, admission.refused)
    const { admitted } = admission
    if (!sockets.hasRoom(admitted.userId)) return refuseUpgrade(connection, tooMany())
    admittedAs.set(request, sockets.add({ admitted, trust, connection, since: clock.now().getTime() }))
    io.engine.handleUpgrade(request, connection, head)
    watch.wake()
  }

  return {
    tell: sockets.tell,
    takeUpgrade(request, connection, head) {
      // A client that goes away while it is looked at is no news.
      connection.on('error', () => connection.destroy())
      receive(request, connection, head).catch((error: unknown) => {
        logger.error({ err: error }, 'a websocket could not be opened')
        refuseUpgrade(connection, new Problem(500, 'Internal server error'))
      })
    },
    sessionsEnded(sessionIds) {
      const ended = new Set(sessionIds)
      for (const open of sockets.all())
        if (open.admitted.by === 'session' && ended.has(open.admitted.sessionId)) sockets.end(open, 'revoked')
    },
    apiKeyReplaced(apiKeyId) {
      for (const open of sockets.all())
        if (open.admitted.by === 'api-key' && open.admitted.apiKeyId === apiKeyId)
          sockets.end(open, 'revoked')
    },
    count: () => sockets.all().length,
    async close() {
      watch.stop()
      const open = sockets.all()
      await io.close()
      for (const { connection } of open) connection.destroy()
    },
  }
}

const tooMany = () => new Problem(429, 'Too many open sockets', { code: 'too_many_sockets' })

/** What no client of ours sends; `sid` would take over a socket that is somebody's already. */
function wrongRequest({ url = '', method, headers }: IncomingMessage): Problem | undefined {
  const [asked = '', query = ''] = url.split('?', 2)
  if (asked !== path && asked !== `${path}/`) return notFound(`Cannot ${method} ${asked}`)
  const wanted = new URLSearchParams(query)
  const isOurs =
    headers.upgrade?.toLowerCase() === 'websocket' &&
    wanted.get('EIO') === '4' &&
    wanted.get('transport') === 'websocket' &&
    !wanted.has('sid')
  return isOurs ? undefined : badRequest('Not a websocket of protocol 4')
}

/**
 * Socket.io would answer by itself on the server it is given, before we have looked at anybody. So it gets one that
 * never listens, and the requests we let in.
 */
function startSocketIo(): Server {
  return new Server(createServer(), {
    path,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: longestMessage,
    connectTimeout: firstWord,
  })
}
