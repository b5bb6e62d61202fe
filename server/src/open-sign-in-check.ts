import { createAssertions } from './auth/assertions.ts'
import { createCanaryHook } from './auth/canary-hook.ts'
import { createTryout } from './auth/tryout.ts'
import { createVerdicts } from './auth/verdicts.ts'
import type { Settings } from './config/settings.ts'
import type { Clock } from './platform/clock.ts'
import type { HttpServer } from './platform/http-server.ts'
import type { Logger } from './platform/logger.ts'
import { readGateways } from './sign-in-check/gateways.ts'
import { signInCheckRoutes } from './sign-in-check/sign-in-check-routes.ts'
import type { CheckNonces } from './sign-in-check/sign-in-check.ts'
import type { Users } from './users/users.ts'

type Ports = { clock: Clock; logger: Logger; settings: Settings; users: Users; nonces: CheckNonces }

/** The sign-in check, put together. To be called before the guard, so that no probe gets past it. */
export function openSignInCheck(app: HttpServer, { clock, logger, settings, users, nonces }: Ports) {
  const verdictOn = createVerdicts({
    assertions: createAssertions({ clock, logger }),
    // A check is no news: neither spoofs nor verdicts of its own are counted.
    audit: { record: () => undefined },
    metrics: { verdict: () => undefined },
  })
  const { sight, answerProbes, beforeUpgrade } = createCanaryHook({ settings, nonces, verdictOn })
  answerProbes(app)
  signInCheckRoutes(app, {
    settings,
    nonces,
    sight,
    tryOut: createTryout({ users, verdictOn }),
    gateways: () => readGateways(),
  })
  return { beforeUpgrade }
}
