import type { ApiKeys } from '../api-keys/api-keys.ts'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { VisitAt } from '../sharing/sharing.ts'
import type { Users } from '../users/users.ts'
import type { Pictures } from './account-changes.ts'
import { createAssertions } from './assertions.ts'
import { createPersonSessions } from './person-sessions.ts'
import { createVerdicts } from './verdicts.ts'
import { createVouchedPeople } from './vouched-people.ts'
import { createWhoIsAsking } from './who-is-asking.ts'

type Ports = {
  logger: Logger
  clock: Clock
  settings: Settings
  users: Users
  sessions: Sessions
  apiKeys: ApiKeys
  visitAt: VisitAt
  audit: AuditTrail
  metrics: Metrics
  adminEmail: string | undefined
  pictures?: Pictures
}

/** The parts that say who is there, put together: from a request to a verdict, a person, a session. */
export function openFrontDoor(ports: Ports) {
  const verdictOn = createVerdicts({ ...ports, assertions: createAssertions(ports) })
  const personFor = createVouchedPeople(ports)
  const startSession = createPersonSessions(ports)
  return {
    verdictOn,
    personFor,
    startSession,
    whoIsAsking: createWhoIsAsking({ ...ports, verdictOn, personFor }),
  }
}
