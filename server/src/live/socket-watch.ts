import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Held } from './live.ts'
import type { OpenSocket, OpenSockets } from './open-sockets.ts'

/** How often open sockets are compared with the database, in milliseconds. */
const pause = 1000
/** A database that does not answer for this long did not answer. */
const patience = 700
/** A header session's socket is not looked at by the proxy any more; after this long it has to pass it again. */
const longestByHeader = 5 * 60 * 1000

type Ports = {
  sockets: OpenSockets
  /** Which of these sessions and keys may still be used. */
  stillHeld(held: Held): Promise<Held>
  /** A text that changes with the rules of trusted-header sign-in. */
  trustInForce(): Promise<string>
  clock: Clock
  logger: Logger
}

/**
 * Ends sockets whose ground is gone, whoever took it away: another process, another machine, an admin's change of the
 * settings, a hand in the database. Two silent looks at the database in a row end them all: not knowing is no ground.
 */
export function watchSockets({ sockets, stillHeld, trustInForce, clock, logger }: Ports) {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let unanswered = 0

  async function look(): Promise<void> {
    const open = sockets.all()
    try {
      const [held, trust] = await inTime(Promise.all([stillHeld(sockets.held()), trustInForce()]))
      unanswered = 0
      const grounds = { sessions: new Set(held.sessionIds), apiKeys: new Set(held.apiKeyIds), trust }
      for (const one of open) endIfGroundless(one, grounds)
    } catch (error) {
      unanswered += 1
      logger.warn({ err: error }, 'open sockets could not be compared with the database')
      if (unanswered > 1) for (const one of open) sockets.end(one, 'anew')
    }
  }

  function endIfGroundless(
    open: OpenSocket,
    { sessions, apiKeys, trust }: { sessions: Set<string>; apiKeys: Set<string>; trust: string },
  ): void {
    const { admitted } = open
    const isHeld =
      admitted.by === 'session' ? sessions.has(admitted.sessionId) : apiKeys.has(admitted.apiKeyId)
    if (!isHeld) return sockets.end(open, 'revoked')
    if (admitted.by !== 'session' || admitted.method !== 'trusted-header') return
    const isOld = clock.now().getTime() - open.since >= longestByHeader
    if (isOld || open.trust !== trust) sockets.end(open, 'anew')
  }

  async function goOn(): Promise<void> {
    await look()
    timer = undefined
    wake()
  }

  /** Nobody there, nothing to look at. */
  function wake(): void {
    if (stopped || timer !== undefined || sockets.all().length === 0) return
    timer = setTimeout(() => void goOn(), pause)
  }

  return {
    wake,
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer in time')), patience)
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
