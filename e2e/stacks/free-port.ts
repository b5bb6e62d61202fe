import { createServer } from 'node:net'

const given = new Set<number>()

/**
 * A TCP port of 127.0.0.1 that nothing listens on, never the same twice. It lies below the range from which the
 * system takes the near end of outgoing connections: one of those could otherwise occupy it a moment later.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    if (given.has(port) || !(await canListen(port))) continue
    given.add(port)
    return port
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
