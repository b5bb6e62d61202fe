import { createServer, request } from 'node:http'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

/** A hop that takes an underscore in a header's name for a dash, as CGI and WSGI servers do, and passes the request on. */
export async function startAliasHop(stage: Stage, to: { port: number }): Promise<{ address: string }> {
  const server = createServer((incoming, answer) => {
    const headers = incoming.rawHeaders.map((text, index) =>
      index % 2 === 0 ? text.replaceAll('_', '-') : text,
    )
    const { method, url: path } = incoming
    const upstream = request(
      { host: '127.0.0.1', port: to.port, method, path, headers, agent: false },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      },
    )
    upstream.once('error', () => answer.destroy())
    incoming.pipe(upstream)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { address: `127.0.0.1:${port}` }
}
