import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { User } from '../users/users.ts'
import { downloadPicture, type Internet } from './picture-download.ts'

/** Somebody whose picture follows what the login service says. */
export type Followed = Pick<User, 'id' | 'pictureSource'>

type Ports = {
  internet: Internet
  clock: Clock
  logger: Logger
  /** Keeps a picture that was fetched from `source`; throws when it is none. */
  keep(userId: string, picture: Buffer, source: string): Promise<void>
  /** Takes a picture away that followed an address. */
  drop(userId: string): Promise<void>
}

const patienceMs = 5000
const hourMs = 3_600_000
/** At once, and waiting. What finds no room comes again with the person's next request. */
const mostAtWork = 2
const mostWaiting = 50
const mostRemembered = 1000

type Wish = { userId: string; url: string }

/**
 * Fetches pictures in the background, two at a time: only where the address is another than last time, and at most once an
 * hour for each person, whatever comes of it.
 */
export function createPictureFollower({ internet, clock, logger, keep, drop }: Ports) {
  /** When somebody's picture was last asked for, in milliseconds since 1970. The oldest are forgotten first. */
  const askedAt = new Map<string, number>()
  const waiting = new Map<string, Wish>()
  const atWork = new Map<string, Promise<void>>()
  const closing = new AbortController()

  function startNext(): void {
    for (const wish of waiting.values()) {
      if (atWork.size >= mostAtWork || closing.signal.aborted) return
      if (atWork.has(wish.userId)) continue
      waiting.delete(wish.userId)
      const done = fulfil(wish).finally(() => {
        atWork.delete(wish.userId)
        startNext()
      })
      atWork.set(wish.userId, done)
    }
  }

  async function fulfil({ userId, url }: Wish): Promise<void> {
    try {
      if (url === '') return await drop(userId)
      const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), closing.signal])
      await keep(userId, await downloadPicture(url, { internet, signal }), url)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      logger.info({ userId, from: withoutQuery(url), reason }, 'a profile picture could not be fetched')
    }
  }

  function mayAsk(userId: string): boolean {
    const now = clock.now().getTime()
    const last = askedAt.get(userId)
    if (last !== undefined && Math.abs(now - last) < hourMs) return false
    askedAt.delete(userId)
    askedAt.set(userId, now)
    const [oldest] = askedAt.keys()
    if (askedAt.size > mostRemembered && oldest !== undefined) askedAt.delete(oldest)
    return true
  }

  return {
    /** `url` empty: there is no picture any more. Returns at once and never throws. */
    follow({ id, pictureSource }: Followed, url: string): void {
      if (closing.signal.aborted || (pictureSource ?? '') === url) return
      if (waiting.has(id) || atWork.has(id) || waiting.size >= mostWaiting) return
      if (url !== '' && !mayAsk(id)) return
      waiting.set(id, { userId: id, url })
      startNext()
    },
    /** Waits for what is at work, which is called off. */
    async close(): Promise<void> {
      closing.abort(new Error('the server is ending'))
      waiting.clear()
      await Promise.all(atWork.values())
    },
  }
}

/** A query may hold what is nobody else's to know. */
function withoutQuery(text: string): string {
  const url = URL.parse(text)
  return url ? `${url.origin}${url.pathname}` : ''
}
