import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

export type Recorder = {
  url: string
  /** Ids of the assets of which the server said 201, all of the answer having been received. */
  created: string[]
  /** Passes on to another port from now on. */
  passTo: (port: number) => void
}

/** Stands between a client and the server, and writes down what the server promised. */
export async function startRecorder(stage: Stage, port: number): Promise<Recorder> {
  const created: string[] = []
  let target = port
  const server = createServer((incoming, answer) => pass(target, incoming, answer, created))
  const own = await freePort()
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${own}`, created, passTo: (next) => void (target = next) }
}

function pass(port: number, incoming: IncomingMessage, answer: ServerResponse, created: string[]): void {
  const { method, url: path, headers } = incoming
  const upstream = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  upstream.once('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()))
  upstream.once('response', (reply) => {
    const chunks: Buffer[] = []
    reply.on('data', (chunk: Buffer) => chunks.push(chunk))
    reply.once('error', () => answer.destroy())
    reply.once('end', () => {
      const body = Buffer.concat(chunks)
      if (method === 'POST' && path === '/api/assets' && reply.statusCode === 201) created.push(idIn(body))
      answer.writeHead(reply.statusCode ?? 502, reply.headers).end(body)
    })
  })
  incoming.once('error', () => upstream.destroy())
  incoming.pipe(upstream)
}

function idIn(body: Buffer): string {
  const { id } = JSON.parse(body.toString('utf8')) as { id: string }
  return id
}
