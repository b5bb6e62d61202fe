import { parseEmail } from './email.ts'
import { findHeaderLines, isHeaderList } from './header-lines.ts'
import { decodeUtf8, soleValue } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import type { Policy } from './policy.ts'
import type { RefusalCode } from './refusals.ts'
import type { Arrival, Verdict } from './verdict.ts'

/**
 * Says whom the proxy vouches for. Total: a hostile request is data, not an error.
 * Each question is asked only when the one before let the request pass: while the feature is off nothing is looked at,
 * and the headers of an untrusted peer are not read.
 */
export function decide(policy: Policy, arrival: Arrival): Verdict {
  if (!policy.enabled || !hasProof(policy)) return { refused: 'off', fromProxy: false }
  if (!isTrustedPeer(policy, arrival)) return { refused: 'untrusted_peer', fromProxy: false }
  if (!isHeaderList(arrival.rawHeaders)) return refuse('bad_arrival')

  const { lines, hasAlias } = findHeaderLines(arrival.rawHeaders, policy.headers.email)
  if (hasAlias) return refuse('header_alias')
  if (lines.length > 1) return refuse('header_repeated')
  return readIdentity(lines[0] ?? '')
}

const refuse = (refused: RefusalCode): Verdict => ({ refused, fromProxy: true })

const hasPeerProof = ({ networks, unixSocket }: Policy): boolean =>
  networks.entries.length > 0 || unixSocket === true

const hasProof = (policy: Policy): boolean =>
  hasPeerProof(policy) || policy.secret !== undefined || policy.assertion !== undefined

/** An unknown peer is untrusted: taking it for loopback would let in whoever makes the address unreadable. */
function isTrustedPeer(policy: Policy, { peer, viaUnixSocket }: Arrival): boolean {
  if (policy.unixSocket === true && viaUnixSocket === true) return true
  return typeof peer === 'string' && policy.networks.contains(peer)
}

function readIdentity(line: string): Verdict {
  const value = soleValue(line)
  if (value === undefined) return refuse('header_repeated')
  if (isPlaceholder(value)) return refuse('no_identity')

  const text = decodeUtf8(value)
  const email = text === undefined ? undefined : parseEmail(text)
  return email === undefined ? refuse('bad_email') : { identity: { email } }
}
