import { decide, findAssertion, mentionsIdentity, type Verdict } from '@porchlight/trusted-header'
import type { AuditTrail } from '../audit/audit.ts'
import type { SettingsInForce } from '../config/settings.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { arrivalOf, peerOf } from './arrival.ts'
import type { Assertions } from './assertions.ts'
import { refuseNobodys } from './nobodys-address.ts'
import type { RequestView } from './request-view.ts'

type Ports = {
  assertions: Assertions
  audit: Pick<AuditTrail, 'record'>
  metrics: Pick<Metrics, 'verdict'>
}

/** Asks the engine whom the proxy vouches for on a request; a promise only where an assertion has to be verified. */
export type VerdictOn = (request: RequestView, inForce: SettingsInForce) => Verdict | Promise<Verdict>

/** The one place that asks. Whoever names somebody from where nobody is believed goes into the audit. */
export function createVerdicts({ assertions, audit, metrics }: Ports): VerdictOn {
  return function verdictOn(request, { config, policy }) {
    const arrival = arrivalOf(request)
    const token = policy.assertion && findAssertion(policy, arrival)
    if (token === undefined) return told(decide(policy, arrival))
    return assertions
      .verify(token, config.trustedHeader.assertion)
      .then((assertion) => told(decide(policy, { ...arrival, assertion })))

    function told(said: Verdict): Verdict {
      const verdict = refuseNobodys(said)
      if ('identity' in verdict) metrics.verdict('vouched')
      else {
        metrics.verdict(verdict.refused)
        const isSpoof = !verdict.fromProxy && verdict.refused !== 'off' && mentionsIdentity(policy, arrival)
        if (isSpoof) audit.record({ kind: 'spoof_refused', code: verdict.refused, peer: peerOf(request) })
      }
      return verdict
    }
  }
}
