/** The part of a socket.io client that is used here. */
export type LiveSocket = {
  on: (event: string, heard: (payload: unknown) => void) => unknown
  connect: () => unknown
  disconnect: () => unknown
}

type Ports = {
  open: () => Promise<LiveSocket>
  /** Assets that changed elsewhere; none named: anything may have changed meanwhile. */
  news: (ids: readonly string[]) => void
  /** The connection broke, or was not let in: perhaps somebody else is here now. */
  doubt: () => Promise<void>
  /** The server ended this session. */
  sessionEnded: () => void
  later: (run: () => void, milliseconds: number) => void
}

const newsEvents = [
  'on_upload_success',
  'on_asset_update',
  'on_asset_trash',
  'on_asset_restore',
  'on_asset_delete',
  'on_asset_hidden',
]

/** How long after the server hung up it is called again, in milliseconds; a lost connection the library restores. */
const pause = 2000

/**
 * Listens for what other devices do, and for the end of the session. A broken connection says nothing by itself: who is
 * here is asked by an ordinary request, whose answer the rest of the client knows to read.
 */
export function createLiveConnection({ open, news, doubt, sessionEnded, later }: Ports) {
  let socket: LiveSocket | undefined
  let begun = false
  let stopped = false
  let connectedBefore = false
  let doubting: Promise<void> | undefined

  const doubtOnce = (): Promise<void> =>
    (doubting ??= doubt()
      .catch(() => undefined)
      .finally(() => (doubting = undefined)))

  function listen(to: LiveSocket): void {
    to.on('connect', () => {
      if (connectedBefore) news([])
      connectedBefore = true
    })
    to.on('connect_error', () => {
      if (!stopped) void doubtOnce()
    })
    to.on('disconnect', (reason) => {
      if (!stopped) void hungUp(to, reason)
    })
    to.on('on_session_delete', () => {
      if (stopped) return
      stop()
      sessionEnded()
    })
    for (const event of newsEvents) to.on(event, (payload) => news(idsOf(payload)))
  }

  async function hungUp(by: LiveSocket, reason: unknown): Promise<void> {
    await doubtOnce()
    if (reason === 'io server disconnect')
      later(() => {
        if (!stopped) by.connect()
      }, pause)
  }

  function stop(): void {
    stopped = true
    socket?.disconnect()
  }

  return {
    /** Once per page; again is no harm, and after a stop it goes on. */
    async start(): Promise<void> {
      if (stopped && socket) socket.connect()
      stopped = false
      if (begun) return
      begun = true
      try {
        socket = await open()
      } catch {
        // Without the library the page works as before: it asks when it is looked at.
        begun = false
        return
      }
      if (stopped) return
      listen(socket)
      socket.connect()
    },
    stop,
  }
}

/** An asset, its id, or several ids. */
function idsOf(payload: unknown): string[] {
  if (typeof payload === 'string') return [payload]
  if (Array.isArray(payload)) return payload.filter((id) => typeof id === 'string')
  const { id } = (payload ?? {}) as { id?: unknown }
  return typeof id === 'string' ? [id] : []
}
