import { parseEmail } from './email.ts'
import { findHeaderLines, isHeaderList } from './header-lines.ts'
import { decodeUtf8, soleValue } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import type { Networks } from './networks.ts'
import type { RefusalCode } from './refusals.ts'

/** What the admin wants. Header names come from `parseHeaderName`, networks from `parseNetworks`. */
export type Policy = { enabled: boolean; networks: Networks; headers: { email: string } }

/**
 * What the socket says, before any framework has touched it: `socket.remoteAddress` (undefined on a unix socket or a
 * closed one) and `IncomingMessage.rawHeaders`. Never X-Forwarded-For, never `headers`.
 */
export type Arrival = { peer: string | undefined; rawHeaders: readonly string[] }

/** Whom the proxy vouches for (a canonical e-mail address), or why nobody. */
export type Verdict = { identity: { email: string } } | { refused: RefusalCode }

/**
 * Says whom the proxy vouches for. Total: a hostile request is data, not an error.
 * Each question is asked only when the one before let the request pass: while the feature is off nothing is looked at,
 * and the headers of an untrusted peer are not read.
 */
export function decide(policy: Policy, arrival: Arrival): Verdict {
  if (!policy.enabled) return { refused: 'off' }
  if (!isTrusted(policy.networks, arrival.peer)) return { refused: 'untrusted_peer' }
  if (!isHeaderList(arrival.rawHeaders)) return { refused: 'bad_arrival' }

  const { lines, hasAlias } = findHeaderLines(arrival.rawHeaders, policy.headers.email)
  if (hasAlias) return { refused: 'header_alias' }
  if (lines.length > 1) return { refused: 'header_repeated' }
  return readIdentity(lines[0] ?? '')
}

/** An unknown peer is untrusted: taking it for loopback would let in whoever makes the address unreadable. */
function isTrusted(networks: Networks, peer: unknown): boolean {
  return typeof peer === 'string' && networks.contains(peer)
}

function readIdentity(line: string): Verdict {
  const value = soleValue(line)
  if (value === undefined) return { refused: 'header_repeated' }
  if (isPlaceholder(value)) return { refused: 'no_identity' }

  const text = decodeUtf8(value)
  const email = text === undefined ? undefined : parseEmail(text)
  return email === undefined ? { refused: 'bad_email' } : { identity: { email } }
}
