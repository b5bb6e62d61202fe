import { lintSettings } from './breadth.ts'
import type { Evidence } from './evidence.ts'
import { judgeIdentity } from './judge-identity.ts'
import { judgeReach } from './judge-reach.ts'
import { judgeTricks } from './judge-tricks.ts'
import type { Line } from './sign-in-check.ts'

/** The findings, the worst first. Pure: the same evidence gives the same findings. */
export function evaluate(evidence: Evidence): Line[] {
  const lines = [
    ...judgeSwitch(evidence),
    ...judgeReach(evidence),
    ...judgeIdentity(evidence),
    ...judgeTricks(evidence),
    ...lintSettings(evidence),
  ]
  return lines.toSorted((one, two) => levels.indexOf(one.level) - levels.indexOf(two.level))
}

const levels: readonly Line['level'][] = ['bad', 'warn', 'unknown', 'good']

function judgeSwitch({ policy }: Evidence): Line[] {
  if (policy.enabled) return []
  const reason = 'Nobody is signed in by header now. All else here is as it would be with the switch on.'
  return [{ id: 'switch', level: 'unknown', title: 'Sign-in by header is off', reason }]
}
