import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

export type Tap = {
  address: string
  port: number
  /** From now on new and old connections alike lead to this port. */
  passTo: (port: number) => void
  /** The header lines of the request that carried `X-Case: <mark>`, byte for byte; `undefined`: it never came by. */
  arrived: (mark: string) => string[] | undefined
}

/** Stands between a proxy and the server, changes nothing, and remembers the bytes that came by. */
export async function startTap(stage: Stage): Promise<Tap> {
  const port = await freePort()
  const open = new Set<Socket>()
  let heard = ''
  let target = 0
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.once('error', () => other.destroy())
      one.once('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    near.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  return {
    address: `127.0.0.1:${port}`,
    port,
    passTo: (next) => {
      if (next === target) return
      target = next
      for (const socket of open) socket.destroy()
    },
    arrived: (mark) => headOf(heard, mark),
  }
}

/** A proxy may send many requests over one connection, and several connections are mixed here, but heads come whole. */
function headOf(heard: string, mark: string): string[] | undefined {
  const at = heard.search(new RegExp(`\\r\\nx-case: ${mark}\\r\\n`, 'i'))
  if (at < 0) return undefined
  const start = heard.lastIndexOf(' HTTP/1.', at)
  const end = heard.indexOf('\r\n\r\n', at)
  return heard.slice(heard.indexOf('\r\n', start) + 2, end).split('\r\n')
}
