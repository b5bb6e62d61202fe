import { identityOfClaims } from './claims-identity.ts'
import { planOf } from './header-plan.ts'
import { soleValue } from './header-value.ts'
import { isPlaceholder } from './placeholders.ts'
import { checkProofs, type Passed } from './proofs.ts'
import type { IdentityFound } from './identity-parts.ts'
import type { Policy } from './policy.ts'
import type { RefusalCode } from './refusals.ts'
import type { Arrival, AssertionFound, Verdict } from './verdict.ts'

/**
 * Says whom the proxy vouches for. Total: a hostile request is data, not an error.
 * Each question is asked only when the one before let the request pass: while the feature is off nothing is looked at,
 * and the headers of an untrusted peer are not read.
 */
export function decide(policy: Policy, arrival: Arrival): Verdict {
  const passed = checkProofs(policy, arrival)
  if ('refused' in passed) return passed
  if (!policy.assertion) return verdictOf(passed.plan.identity(passed.seen), passed.fromProxy)

  const token = tokenOf(passed)
  const found = 'refused' in token ? token : resultOf(arrival.assertion)
  if ('refused' in found) return { refused: found.refused, fromProxy: passed.fromProxy }
  // It held, so that whoever brought it speaks for the login service, with other proofs or without.
  return verdictOf(
    identityOfClaims(found.claims, policy.assertion.claims, policy.groupSeparator ?? ','),
    true,
  )
}

/**
 * The one token in the assertion header, for the verifier, whose answer belongs into `arrival.assertion`. Undefined where
 * there is none to verify: without `policy.assertion`, or when `decide` refuses the request before it comes to that.
 */
export function findAssertion(policy: Policy, arrival: Arrival): string | undefined {
  if (!policy.assertion) return undefined
  const passed = checkProofs(policy, arrival)
  if ('refused' in passed) return undefined
  const found = tokenOf(passed)
  return 'token' in found ? found.token : undefined
}

/**
 * Tells whether a request carries a header that the policy reads, or an alias of one: what an audit wants to know of a
 * peer outside the trusted networks. While the feature is off nothing is looked at.
 */
export function mentionsIdentity(policy: Policy, arrival: Arrival): boolean {
  if (!policy.enabled) return false
  const plan = planOf(policy)
  const seen = plan.look(arrival.rawHeaders)
  return seen !== undefined && plan.isMentioned(seen)
}

const verdictOf = (found: IdentityFound, fromProxy: boolean): Verdict =>
  'identity' in found ? found : { refused: found.refused, fromProxy }

function tokenOf({ plan, seen }: Passed): { token: string } | { refused: RefusalCode } {
  const token = soleValue(plan.assertion(seen).value ?? '')
  if (token === undefined) return { refused: 'header_repeated' }
  return isPlaceholder(token) ? { refused: 'no_assertion' } : { token }
}

const verifierRefusals = ['bad_assertion', 'assertion_expired', 'assertion_keys'] as const

/** A caller that did not ask the verifier, or hands over something else, has nobody who vouches for the claims. */
function resultOf(found: AssertionFound | undefined): AssertionFound {
  if (!isRecord(found)) return { refused: 'bad_assertion' }
  if ('claims' in found && isRecord(found.claims)) return found
  const refused = 'refused' in found ? verifierRefusals.find((code) => code === found.refused) : undefined
  return { refused: refused ?? 'bad_assertion' }
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null
