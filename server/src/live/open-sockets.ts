import type { Duplex } from 'node:stream'
import type { Socket } from 'socket.io'
import type { Admitted, Held, LiveEvent } from './live.ts'

/** A connection from the moment it is let in. */
export type OpenSocket = {
  readonly admitted: Admitted
  /** Milliseconds since the epoch. */
  readonly since: number
  /** The rules of trust under which it was let in. */
  readonly trust: string
  readonly connection: Duplex
  /** Missing until the client has said its first word. */
  speaker?: Socket
  ended: boolean
}

/** `revoked`: it is over, and the client shall not come back by itself. `anew`: it shall come again, to be looked at again. */
export type Ending = 'revoked' | 'anew'

/** A person has this many tabs and devices at most; the next one is turned away. */
const mostPerPerson = 32
/** A client that does not take what it is told is cut off, bytes. */
const mostUntaken = 1024 * 1024
/** How long a closed socket may take to say goodbye, in milliseconds. */
const farewell = 500

/** All open sockets of this process, by person: an event reaches nobody else's. */
export function createOpenSockets() {
  const byPerson = new Map<string, Set<OpenSocket>>()
  const all = () => [...byPerson.values()].flatMap((sockets) => [...sockets])

  function forget(open: OpenSocket): void {
    const { userId } = open.admitted
    const theirs = byPerson.get(userId)
    theirs?.delete(open)
    if (theirs?.size === 0) byPerson.delete(userId)
  }

  return {
    all,
    hasRoom: (userId: string) => (byPerson.get(userId)?.size ?? 0) < mostPerPerson,

    add(socket: Omit<OpenSocket, 'ended'>): OpenSocket {
      const open = { ...socket, ended: false }
      const { userId } = open.admitted
      byPerson.set(userId, (byPerson.get(userId) ?? new Set()).add(open))
      open.connection.once('close', () => forget(open))
      return open
    },

    end(open: OpenSocket, ending: Ending): void {
      if (open.ended) return
      open.ended = true
      sayGoodbye(open, ending)
      setTimeout(() => open.connection.destroy(), farewell).unref()
    },

    tell(userId: string, event: LiveEvent, payload: unknown): void {
      for (const { speaker, connection, ended } of byPerson.get(userId) ?? []) {
        if (ended) continue
        if (connection.writableLength > mostUntaken) connection.destroy()
        else speaker?.emit(event, payload)
      }
    },

    held(): Held {
      const sessionIds = new Set<string>()
      const apiKeyIds = new Set<string>()
      for (const { admitted } of all()) {
        if (admitted.by === 'session') sessionIds.add(admitted.sessionId)
        else apiKeyIds.add(admitted.apiKeyId)
      }
      return { sessionIds: [...sessionIds], apiKeyIds: [...apiKeyIds] }
    },
  }
}

export type OpenSockets = ReturnType<typeof createOpenSockets>

function sayGoodbye({ speaker, connection, admitted }: OpenSocket, ending: Ending): void {
  if (!speaker) {
    connection.destroy()
  } else if (ending === 'revoked') {
    if (admitted.by === 'session') speaker.emit('on_session_delete', admitted.sessionId)
    speaker.disconnect(true)
  } else {
    // Clients reconnect by themselves after a lost connection, and only then.
    speaker.conn.close()
  }
}
