import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { StartProblem } from '../platform/environment.ts'
import type { ListenAddress } from '../platform/listen-address.ts'
import type { Logger } from '../platform/logger.ts'
import { makeRoomForSocket, withSocketMask } from '../platform/socket-file.ts'
import type { MetricRegistry } from './metric-registry.ts'

const setting = 'PORCHLIGHT_METRICS_LISTEN'

export type MetricsListener = { address: ListenAddress; close(): Promise<void> }

/**
 * `GET /metrics` on a listener of its own, so that no mistake in a proxy's paths can show it to the world.
 *
 * @throws {StartProblem} when it cannot listen there
 */
export async function listenForMetrics(
  registry: MetricRegistry,
  { address, logger }: { address: ListenAddress; logger: Logger },
): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    if (request.url !== '/metrics') return answer(response, 404)
    if (request.method !== 'GET') return answer(response, 405)
    registry.text().then(
      ({ type, body }) => answer(response, 200, { type, body }),
      (error: unknown) => {
        logger.error({ err: error }, 'the metrics could not be gathered')
        answer(response, 500)
      },
    )
  })
  if ('path' in address) await makeRoomForSocket(address.path, setting)
  const listening = () => once(server.listen(address), 'listening')
  await ('path' in address ? withSocketMask(listening) : listening()).catch((error: Error) => {
    throw new StartProblem(`${setting}: Porchlight cannot listen there: ${error.message}`)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    address: 'path' in address ? address : { ...address, port },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(response: ServerResponse, status: number, content = { type: 'text/plain', body: '' }): void {
  response.writeHead(status, {
    'Content-Type': content.type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(content.body)
}
