import type { Policy } from '@porchlight/trusted-header'
import { canaryOf } from './canary.ts'
import { planProbes } from './probe-plan.ts'
import { certificateProblem, sendProbe, type Target } from './raw-probe.ts'
import type { Observation, Probe } from './sign-in-check.ts'

/** At once: enough to be quick, too few to look like an attack. */
const workers = 4

/** Where to knock, and with what. */
export type ProbeTarget = Omit<Target, 'checkCertificate'> & {
  cookie?: string | undefined
  /** The person at the keyboard vouches for the certificate. */
  insecure?: boolean
}

export type ProbeRun = {
  origin: string
  /** Why the certificate does not hold. */
  certificate: string | undefined
  /** Whether probes with the admin's own cookies were sent. */
  withCookies: boolean
  observations: Observation[]
}

/**
 * Knocks at the public address with everything a browser cannot send.
 *
 * @param cookie the admin's cookies of the login service; sent only over a connection that can be trusted with them
 */
export async function runProbes({
  origin,
  via,
  nonce,
  policy,
  cookie,
  insecure = false,
}: ProbeTarget & { nonce: string; policy: Policy }): Promise<ProbeRun> {
  const certificate = await certificateProblem({ origin, via })
  const target: Target = { origin, via, checkCertificate: certificate === undefined }
  const withCookies = cookie !== undefined && cookie !== '' && (certificate === undefined || insecure)
  const probes = planProbes(policy, canaryOf(nonce), 'server')
  // Where nobody answers at all, the rest would only wait.
  const ping = probes.find(
    ({ place, trick, as }) => place === 'ping' && trick === 'nothing' && as === 'nobody',
  )
  const first = ping ? await observe(ping, { target, nonce }) : undefined
  if (first && 'failed' in first.answer) return { origin, certificate, withCookies, observations: [first] }

  const waiting = probes.filter((probe) => probe !== ping && (probe.as === 'nobody' || withCookies))
  const observations = first ? [first] : []
  const work = async () => {
    for (let probe = waiting.shift(); probe; probe = waiting.shift())
      observations.push(
        await observe(probe, { target, nonce, cookie: probe.as === 'you' ? cookie : undefined }),
      )
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { origin, certificate, withCookies, observations }
}

type With = { target: Target; nonce: string; cookie?: string | undefined }

async function observe(probe: Probe, { target, nonce, cookie }: With): Promise<Observation> {
  return { probe, answer: await sendProbe(target, probe, { nonce, cookie }) }
}
