import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { maskEmail, parseNetworks, type Policy, type Verdict } from '@porchlight/trusted-header'
import type { FastifyRequest } from 'fastify'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import type { HttpServer } from '../platform/http-server.ts'
import {
  canaryOf,
  checkHeader,
  encodeSighting,
  oddCheckHeader,
  sawHeader,
  type CheckNonces,
  type SightedHeader,
  type Sighting,
} from '../sign-in-check/sign-in-check.ts'
import type { RequestView } from './request-view.ts'
import { sightHeaders } from './sighted-headers.ts'
import type { VerdictOn } from './verdicts.ts'

type Ports = {
  settings: Settings
  nonces: Pick<CheckNonces, 'isLive'>
  /** One that tells nobody: a probe is no news. */
  verdictOn: VerdictOn
}

type TakeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

const answer = JSON.stringify({ message: 'The sign-in check was here' })
const json = 'application/json; charset=utf-8'

/**
 * Answers the probes of the sign-in check, on every path alike and before anything else looks at them: a probe never meets
 * a route, a session or an account, so whatever it says of itself, it is nobody. Who does not know a nonce learns nothing.
 */
export function createCanaryHook({ settings, nonces, verdictOn }: Ports) {
  async function seenBy(raw: IncomingMessage): Promise<string | undefined> {
    const nonce = raw.headers[nonceHeader]
    if (typeof nonce !== 'string' || !(await nonces.isLive(nonce))) return undefined
    return encodeSighting(await sight(raw, await settings.current(), nonce))
  }

  async function sight(raw: IncomingMessage, inForce: SettingsInForce, nonce?: string): Promise<Sighting> {
    // As if it were switched on already, so that a check can come before the switch.
    const policy = { ...inForce.policy, enabled: true }
    const verdict = await verdictOn(viewOf(raw), { ...inForce, policy })
    const headers = sightHeaders(
      raw.rawHeaders,
      policy,
      nonce === undefined ? undefined : canaryOf(nonce).word,
    )
    const peer = raw.socket.remoteAddress ?? null
    return {
      peer,
      network: peer === null ? null : entryWith(policy, peer),
      trusted: 'identity' in verdict || !['off', 'untrusted_peer'].includes(verdict.refused),
      host: (raw.headers.host ?? '').slice(0, 100),
      verdict: toldOf(verdict, headers),
      spelling: spellingOf(raw.rawHeaders),
      headers,
      forwarded: Object.keys(raw.headers).filter((name) =>
        /^(x-forwarded-|forwarded$|x-real-ip$|via$)/.test(name),
      ),
    }
  }

  return {
    /** What this server sees of a request of an admin, by the settings in force or by others. */
    sight: (request: FastifyRequest, inForce: SettingsInForce): Promise<Sighting> =>
      sight(request.raw, inForce),

    answerProbes(app: HttpServer): void {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers[nonceHeader] === undefined) return undefined
        const seen = await seenBy(request.raw)
        if (seen === undefined) return undefined
        // As text, which no route's own schema applies to.
        return reply
          .type(json)
          .headers({ 'Cache-Control': 'no-store', [sawHeader]: seen })
          .send(answer)
      })
    },

    /** The same for the upgrade to a websocket, which comes past the framework. */
    beforeUpgrade:
      (next: TakeUpgrade): TakeUpgrade =>
      (request, socket, head) => {
        if (request.headers[nonceHeader] === undefined) return next(request, socket, head)
        socket.on('error', () => socket.destroy())
        seenBy(request).then(
          (seen) => (seen === undefined ? next(request, socket, head) : sendPlainly(socket, seen)),
          () => socket.destroy(),
        )
      },
  }
}

const nonceHeader = checkHeader.toLowerCase()

/** The verdict is drawn from the socket and the raw headers alone. */
const viewOf = (raw: IncomingMessage): RequestView => ({
  raw,
  url: raw.url ?? '',
  method: raw.method ?? 'GET',
  headers: raw.headers,
  query: {},
  cookies: {},
})

function sendPlainly(socket: Duplex, seen: string): void {
  const lines = [
    'HTTP/1.1 200 OK',
    'Connection: close',
    'Cache-Control: no-store',
    `Content-Type: ${json}`,
    `Content-Length: ${Buffer.byteLength(answer)}`,
    `${sawHeader}: ${seen}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${answer}`)
}

/** A canary is refused for its address alone, after everything else held: told apart, since that is what is looked for. */
function toldOf(verdict: Verdict, headers: readonly SightedHeader[]): Sighting['verdict'] {
  if ('identity' in verdict) return { who: 'somebody', email: maskEmail(verdict.identity.email) }
  const claimed = headers.find(({ field }) => field === 'email')
  if (verdict.refused === 'bad_email' && claimed?.holds.join() === 'canary')
    return { who: 'canary', email: claimed.value }
  return { refused: verdict.refused }
}

/** The one entry of the list that holds the peer. */
function entryWith({ networks }: Policy, peer: string): string | null {
  const holds = (entry: string) => {
    const parsed = parseNetworks([entry])
    return 'networks' in parsed && parsed.networks.contains(peer)
  }
  return networks.entries.find(holds) ?? null
}

/** Some proxies keep names as they are, others write them anew. */
function spellingOf(rawHeaders: readonly string[]): Sighting['spelling'] {
  const name = rawHeaders.find((text, index) => index % 2 === 0 && text.toLowerCase() === nonceHeader)
  if (name === oddCheckHeader) return 'kept'
  if (name === nonceHeader) return 'lower'
  return name === checkHeader ? 'canonical' : 'other'
}
