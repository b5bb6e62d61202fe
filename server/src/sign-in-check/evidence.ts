import type { Policy } from '@porchlight/trusted-header'
import type {
  Answer,
  Observation,
  Place,
  Probe,
  ProxyKind,
  SightedHeader,
  Sighting,
  Trick,
} from './sign-in-check.ts'

/** All that the findings are drawn from. Nothing else is looked at: the same evidence gives the same findings. */
export type Evidence = {
  policy: Policy
  externalDomain: string
  /** Default gateways of this machine: behind network address translation, everybody seems to come from one. */
  gateways: readonly string[]
  /** Where the probes of this server went; undefined where they went nowhere. */
  target: { origin: string; certificate: string | undefined; withCookies: boolean } | undefined
  observations: readonly Observation[]
}

export type Seen = { probe: Probe; answer: Answer; saw: Sighting }

/** Answers of this Porchlight. */
export const seenIn = (observations: readonly Observation[]): Seen[] =>
  observations.flatMap(({ probe, answer }) =>
    'saw' in answer && answer.saw ? [{ probe, answer, saw: answer.saw }] : [],
  )

/** Answers of somebody on the way: the proxy or the login service. */
export const stoppedIn = (observations: readonly Observation[]): { probe: Probe; answer: Answer }[] =>
  observations.flatMap(({ probe, answer }) => ('failed' in answer || answer.saw ? [] : [{ probe, answer }]))

export const at = (
  observations: readonly Observation[],
  wanted: { place?: Place; tricks?: readonly Trick[]; as?: Probe['as'] },
): Observation[] =>
  observations.filter(
    ({ probe }) =>
      (wanted.place === undefined || probe.place === wanted.place) &&
      (wanted.tricks === undefined || wanted.tricks.includes(probe.trick)) &&
      (wanted.as === undefined || probe.as === wanted.as),
  )

/** Headers under their own name, not an alias, that say who is there. */
export const identityHeaders = ({ headers }: Sighting): SightedHeader[] =>
  headers.filter(({ field }) => !['alias', 'other', 'secret'].includes(field))

/** Headers that hold what the probe made up: under the name that is read, or under an alias of it. */
export function made(headers: readonly SightedHeader[], which: 'own' | 'alias'): SightedHeader[] {
  return headers.filter(({ field, holds }) => {
    if (!holds.includes('canary') || field === 'other' || field === 'secret') return false
    return (field === 'alias') === (which === 'alias')
  })
}

export const whatArrived = (headers: readonly SightedHeader[]): string =>
  headers.length === 0
    ? 'nothing that says who is there'
    : headers
        .map(({ name, value, lines }) => `${name}: ${value}${lines > 1 ? ` (${lines} lines)` : ''}`)
        .join('; ')

/** What the probe sent, without what every request has. */
export const whatWasSent = ({ lines, path }: Probe): string => {
  const telling = lines.filter((line) => !/^(accept|upgrade|sec-websocket-|connection: upgrade)/i.test(line))
  return [path, ...telling].join('; ')
}

/** A browser does not say where it was led. */
export const statusWords = (answers: readonly { answer: Answer }[]): string =>
  [
    ...new Set(
      answers.map(({ answer }) => (answer.status === 0 ? 'led elsewhere' : `status ${answer.status}`)),
    ),
  ].join(', ')

/** Which proxy stands in front, by what it writes into answers and what it does to the names of headers. */
export function proxyOf(observations: readonly Observation[]): ProxyKind {
  const answers = observations.flatMap(({ answer }) => ('failed' in answer ? [] : [answer]))
  const words = answers.map(({ server = '', via = '' }) => `${server} ${via}`.toLowerCase())
  for (const kind of ['caddy', 'nginx', 'apache', 'envoy', 'traefik', 'haproxy'] as const)
    if (words.some((text) => text.includes(kind))) return kind
  const raw = seenIn(observations).filter(({ probe }) => probe.by === 'server')
  const spellings = new Set(raw.map(({ saw }) => saw.spelling))
  // Envoy writes lower case too, but says its name; of the proxies written in Go, Caddy says its own.
  if (spellings.has('lower')) return 'haproxy'
  return spellings.has('canonical') ? 'traefik' : 'unknown'
}
