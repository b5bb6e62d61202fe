import { assertionAlgorithms } from '../assertion-algorithms.ts'
import { explainKeySource } from '../key-source.ts'
import type { KeySource } from '../key-source.ts'
import type { Clock } from './key-document.ts'
import type { Fetch } from './key-download.ts'

/** What the admin pins. Everything is required: a token of somebody else's is refused by each of them. */
export type AssertionOptions = {
  keys: KeySource
  /** The `iss` claim, to the letter. */
  issuer: string
  /**
   * The `aud` claim: one of these must be in it. A load balancer of AWS sends none; there it is the ARN of the load
   * balancer (`signer` in the token's header), and beside it, if wanted, the client id (`client`).
   */
  audience: string | readonly string[]
  /** From `assertionAlgorithms`. */
  algorithms: readonly string[]
  clock?: Clock
  fetch?: Fetch
  /** Hears why keys could not be read, at most once in five seconds. Holds nothing of a request. */
  onProblem?: (reason: string) => void
}

/** Options as they are used: checked, with nothing left out. */
export type CheckedOptions = Omit<Required<AssertionOptions>, 'audience'> & {
  audience: readonly string[]
}

/** @throws {TypeError} for options with which anybody's token could be believed, or none at all */
export function checkOptions(options: AssertionOptions): CheckedOptions {
  const { keys, issuer, algorithms } = options
  const audience = typeof options.audience === 'string' ? [options.audience] : [...options.audience]
  const known: readonly string[] = assertionAlgorithms
  const odd = algorithms.find((algorithm) => !known.includes(algorithm))
  const problem =
    explainKeySource(keys) ??
    (issuer === '' ? 'An issuer is required' : undefined) ??
    (audience.length === 0 || audience.includes('') ? 'An audience is required' : undefined) ??
    (algorithms.length === 0 ? 'At least one algorithm is required' : undefined) ??
    (odd === undefined ? undefined : `${odd} may not sign assertions; use one of ${known.join(', ')}`)
  if (problem !== undefined) throw new TypeError(problem)
  return {
    keys,
    issuer,
    audience,
    algorithms: [...algorithms],
    clock: options.clock ?? { now: () => new Date() },
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    onProblem: options.onProblem ?? (() => undefined),
  }
}
