import type { Database } from '../database/database.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { ListenAddress } from '../platform/listen-address.ts'
import type { Logger } from '../platform/logger.ts'
import type { RequestFacts } from './metric-registry.ts'
import type { Metrics } from './metrics.ts'

export type OpenMetrics = Metrics & {
  /** Where `/metrics` is to be had; undefined while it is off. */
  address: ListenAddress | undefined
  /** Times every request of this server. */
  timeRequests(app: HttpServer): void
  close(): Promise<void>
}

/** The metrics with their listener, or without one: then nothing is loaded, counted or timed. */
export async function openMetrics({
  address,
  db,
  logger,
}: {
  address: ListenAddress | undefined
  db: Database
  logger: Logger
}): Promise<OpenMetrics> {
  if (address === undefined) return noMetrics
  // Loaded only where they are read: the library takes memory.
  const { createMetricRegistry } = await import('./metric-registry.ts')
  const { listenForMetrics } = await import('./metrics-listener.ts')
  const registry = createMetricRegistry(() => countSessions(db))
  const listener = await listenForMetrics(registry, { address, logger })
  return {
    ...registry,
    address: listener.address,
    timeRequests: (app) => timeRequests(app, registry.request),
    close: listener.close,
  }
}

const noMetrics: OpenMetrics = {
  address: undefined,
  verdict() {},
  signedIn() {},
  watchSockets() {},
  timeRequests() {},
  async close() {},
}

function timeRequests(app: HttpServer, report: (facts: RequestFacts) => void): void {
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    report({
      method,
      route: routeLabel(routeOptions.url),
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
  })
}

/** The pattern, never the URL. Files of the web client, a route each and new with every build, are `page`. */
function routeLabel(url: string | undefined): string {
  if (url === undefined) return 'none'
  return url.startsWith('/api/') ? url : 'page'
}

async function countSessions(db: Database): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('sessions')
    .select(['method', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('method')
    .execute()
  return {
    password: 0,
    'trusted-header': 0,
    ...Object.fromEntries(rows.map(({ method, count }) => [method, count])),
  }
}
