import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

export type Arrived = {
  method: string
  path: string
  bytes: number
  headers: [name: string, value: string][]
}

export type Echo = {
  address: string
  /** Settles when the first part of the first body arrives. */
  firstBytes: Promise<void>
}

/** Stands where Porchlight stands and answers with what arrived, so that a recipe can be judged on its own. */
export async function startEcho(stage: Stage): Promise<Echo> {
  let heard = (): void => undefined
  const firstBytes = new Promise<void>((resolve) => (heard = resolve))
  const server = createServer(async (incoming, answer) => {
    let bytes = 0
    for await (const chunk of incoming) {
      bytes += (chunk as Buffer).length
      heard()
    }
    answer.setHeader('Content-Type', 'application/json').end(JSON.stringify(describe(incoming, bytes)))
  })
  server.on('upgrade', (incoming, socket) => {
    const accept = `Sec-WebSocket-Accept: ${acceptedKey(incoming.headers['sec-websocket-key'] ?? '')}`
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', accept]
    const lines = ['HTTP/1.1 101 Switching Protocols', ...upgrade, '', '']
    socket.end(lines.join('\r\n') + JSON.stringify(describe(incoming, 0)))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { address: `127.0.0.1:${port}`, firstBytes }
}

/** What proves to the other end that its handshake was understood: RFC 6455, section 4.2.2. */
function acceptedKey(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function describe({ method = '', url = '', rawHeaders }: IncomingMessage, bytes: number): Arrived {
  const headers = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [],
  )
  return { method, path: url, bytes, headers }
}
