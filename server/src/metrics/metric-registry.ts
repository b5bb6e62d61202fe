import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from './metrics.ts'

export type RequestFacts = { method: string; route: string; status: number; seconds: number }

export type MetricRegistry = Metrics & {
  request(facts: RequestFacts): void
  /** The text that Prometheus reads, and its content type. */
  text(): Promise<{ type: string; body: string }>
}

/** From a cached thumbnail to a long upload, in seconds. */
const buckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60]

/**
 * The metrics of one process, in a registry of their own. No metric names a person, an address or a URL: whoever may
 * read them learns how much happens, not who does it.
 */
export function createMetricRegistry(countSessions: () => Promise<Record<string, number>>): MetricRegistry {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  let countSockets = () => 0

  const verdicts = new Counter({
    name: 'porchlight_verdicts_total',
    help: 'Requests by what the identity header was found to be: vouched, or the reason code of the refusal',
    labelNames: ['code'],
    registers,
  })
  const signIns = new Counter({
    name: 'porchlight_sign_ins_total',
    help: 'Sign-ins by method',
    labelNames: ['method'],
    registers,
  })
  const requests = new Histogram({
    name: 'porchlight_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers,
  })
  const sessions = new Gauge({
    name: 'porchlight_sessions',
    help: 'Sessions in the database by how they began',
    labelNames: ['method'],
    registers,
  })
  const sockets = new Gauge({
    name: 'porchlight_sockets',
    help: 'Open live connections of this process',
    registers,
  })

  async function text() {
    const counts = await countSessions()
    sessions.reset()
    for (const [method, count] of Object.entries(counts)) sessions.set({ method }, count)
    sockets.set(countSockets())
    return { type: registry.contentType, body: await registry.metrics() }
  }

  return {
    verdict: (code) => verdicts.inc({ code }),
    signedIn: (method) => signIns.inc({ method }),
    watchSockets(count) {
      countSockets = count
    },
    request: ({ seconds, ...labels }) => requests.observe(labels, seconds),
    text,
  }
}
