import type { SettingsInForce } from '../config/settings.ts'
import { evaluate } from './evaluate.ts'
import { readGateways } from './gateways.ts'
import { runProbes, type ProbeRun, type ProbeTarget } from './run-probes.ts'
import type { Line, Observation } from './sign-in-check.ts'

export type CheckOf = {
  inForce: SettingsInForce
  nonce: string
  /** Where to knock; undefined where no address is known. */
  to: ProbeTarget | undefined
  /** What a browser has seen. */
  observations?: readonly Observation[]
  gateways?: () => Promise<string[]>
}

/** One whole check: knocks, and says what that means. `run` is what the knocking itself came to. */
export async function runCheck({
  inForce: { config, policy },
  nonce,
  to,
  observations = [],
  gateways = () => readGateways(),
}: CheckOf): Promise<{ lines: Line[]; run: ProbeRun | undefined }> {
  const run = to && (await runProbes({ ...to, nonce, policy }))
  const lines = evaluate({
    policy,
    externalDomain: config.server.externalDomain,
    gateways: await gateways(),
    target: run,
    observations: [...(run?.observations ?? []), ...observations],
  })
  return { lines, run }
}
