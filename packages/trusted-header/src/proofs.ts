import { planOf, type Plan } from './header-plan.ts'
import { isLiveSecret } from './secret-proof.ts'
import type { HeadersSeen } from './header-watch.ts'
import type { Policy } from './policy.ts'
import type { Arrival, Verdict } from './verdict.ts'

export type Refused = Extract<Verdict, { fromProxy: boolean }>

/** A request that came through everything but the assertion and the identity. */
export type Passed = {
  readonly plan: Plan
  readonly seen: HeadersSeen
  /** Peer and secret, where configured, say so. An assertion alone has yet to. */
  readonly fromProxy: boolean
}

/** Asks, in order, what can be told without an assertion: peer, secret, host, and whether the headers are clean. */
export function checkProofs(policy: Policy, arrival: Arrival): Passed | Refused {
  const { secret, assertion } = policy
  const needsPeer = hasPeerProof(policy)
  if (!policy.enabled || !(needsPeer || secret || assertion)) return fromOutside('off')
  if (needsPeer && !isTrustedPeer(policy, arrival)) return fromOutside('untrusted_peer')

  const plan = planOf(policy)
  const seen = plan.look(arrival.rawHeaders)
  if (secret && !holdsSecret(policy, plan, seen)) return fromOutside('bad_secret')

  const fromProxy = needsPeer || secret !== undefined
  if (!seen) return { refused: 'bad_arrival', fromProxy }
  if (!plan.isHostAllowed(seen)) return { refused: 'wrong_host', fromProxy }
  if (seen.hasAlias) return { refused: 'header_alias', fromProxy }
  if (plan.hasRepeats(seen)) return { refused: 'header_repeated', fromProxy }
  return { plan, seen, fromProxy }
}

const fromOutside = (refused: Refused['refused']): Refused => ({ refused, fromProxy: false })

const hasPeerProof = ({ networks, unixSocket }: Policy): boolean =>
  networks.entries.length > 0 || unixSocket === true

/** An unknown peer is untrusted: taking it for loopback would let in whoever makes the address unreadable. */
function isTrustedPeer({ networks, unixSocket }: Policy, { peer, viaUnixSocket }: Arrival): boolean {
  if (unixSocket === true && viaUnixSocket === true) return true
  return typeof peer === 'string' && networks.contains(peer)
}

function holdsSecret({ secret }: Policy, plan: Plan, seen: HeadersSeen | undefined): boolean {
  const line = seen && plan.secret(seen)
  if (!secret || line?.value === undefined) return false
  return !line.isRepeated && isLiveSecret(secret, line.value)
}
