import type { Policy } from '@porchlight/trusted-header'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { adminOnly } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, Problem } from '../platform/problem.ts'
import { callerOf } from '../users/caller.ts'
import { canaryOf } from './canary.ts'
import { asProposal, dryRun, dryRunResponse } from './dry-run.ts'
import { planProbes } from './probe-plan.ts'
import { probeTarget } from './probe-target.ts'
import { maskedReport } from './report-text.ts'
import { runCheck } from './run-check.ts'
import {
  checkHeader,
  decodeSighting,
  line,
  type CheckNonces,
  type Observation,
  type Sighting,
  type Tryout,
} from './sign-in-check.ts'

type Ports = {
  settings: Settings
  nonces: CheckNonces
  gateways(): Promise<string[]>
  sight(request: FastifyRequest, inForce: SettingsInForce): Promise<Sighting>
  tryOut(request: FastifyRequest, inForce: SettingsInForce): Promise<Tryout>
}

const planned = z.object({
  id: z.string(),
  method: z.literal('GET'),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  /** For `fetch`: with the browser's cookies, or without any. */
  credentials: z.enum(['include', 'omit']),
})

const startResponse = z.object({
  nonce: z.string(),
  expiresAt: z.string(),
  /** What the browser is to send, with `redirect: 'manual'` and `cache: 'no-store'`. */
  plan: z.array(planned),
})

const browserAnswer = z.object({
  id: z.string().max(100),
  /** 0 where the browser was led elsewhere. */
  status: z.int().min(0).max(999),
  /** The header X-Porchlight-Saw, as it came. */
  saw: z.string().max(16_384).optional(),
  server: z.string().max(200).optional(),
  via: z.string().max(200).optional(),
  failed: z.string().max(500).optional(),
})

const runBody = z.object({ nonce: z.string(), observations: z.array(browserAnswer).max(500).default([]) })
const runResponse = z.object({ lines: z.array(line), text: z.string() })

/** The sign-in check for admins: a start, the run, and a dry run of other settings. */
export function signInCheckRoutes(app: HttpServer, ports: Ports): void {
  const { settings, nonces, gateways } = ports
  const tags = ['settings']
  let running = false

  app.post(
    '/api/admin/sign-in-check',
    {
      config: { access: adminOnly('systemConfig.update') },
      schema: { tags, response: { 201: startResponse } },
    },
    async (_request, reply) => {
      const { nonce, expiresAt } = await nonces.start()
      const { policy } = await settings.current()
      const plan = browserPlan(policy, nonce)
      return reply.status(201).send({ nonce, expiresAt: expiresAt.toISOString(), plan })
    },
  )

  app.post(
    '/api/admin/sign-in-check/run',
    {
      config: { access: adminOnly('systemConfig.update') },
      schema: { tags, body: runBody, response: { 200: runResponse } },
    },
    async (request) => {
      const { nonce, observations } = request.body
      if (!(await nonces.isLive(nonce))) throw badRequest('This check is over; start another one')
      // Each run is a hundred requests: not two at once, whoever asks.
      if (running) throw new Problem(429, 'A sign-in check is running', { code: 'check_running' })
      running = true
      try {
        return await run(request, nonce, observations)
      } finally {
        running = false
      }
    },
  )

  app.post(
    '/api/admin/sign-in-check/dry-run',
    {
      // A proposal may name an address to fetch keys from, so no key of few rights may make one.
      config: { access: adminOnly() },
      schema: {
        tags,
        body: z.object({ trustedHeader: z.looseObject({}) }),
        response: { 200: dryRunResponse },
      },
    },
    async (request) =>
      dryRun(asProposal(request.body.trustedHeader), callerOf(request), {
        settings,
        gateways,
        sight: (inForce) => ports.sight(request, inForce),
        tryOut: (inForce) => ports.tryOut(request, inForce),
      }),
  )

  async function run(request: FastifyRequest, nonce: string, answers: z.infer<typeof browserAnswer>[]) {
    const inForce = await settings.current()
    const to = probeTarget(request.headers, inForce.config.server.externalDomain)
    const observations = browserObservations(inForce.policy, nonce, answers)
    const { lines } = await runCheck({ inForce, nonce, to, observations, gateways })
    return {
      lines,
      text: maskedReport(lines, [...hostsOf(to?.origin), ...(inForce.policy.allowedHosts ?? [])]),
    }
  }
}

const hostsOf = (origin: string | undefined) =>
  origin === undefined ? [] : [new URL(origin).host, new URL(origin).hostname]

function browserPlan(policy: Policy, nonce: string): z.infer<typeof planned>[] {
  return planProbes(policy, canaryOf(nonce), 'browser').map(({ id, path, lines, as }) => ({
    id,
    method: 'GET',
    path,
    headers: {
      ...Object.fromEntries(lines.map((text) => text.split(': ', 2) as [string, string])),
      [checkHeader]: nonce,
    },
    credentials: as === 'you' ? 'include' : 'omit',
  }))
}

/** What the browser reports, beside what it was asked to send. What was not asked for is dropped. */
function browserObservations(
  policy: Policy,
  nonce: string,
  answers: readonly z.infer<typeof browserAnswer>[],
): Observation[] {
  const probes = new Map(planProbes(policy, canaryOf(nonce), 'browser').map((probe) => [probe.id, probe]))
  return answers.flatMap(({ id, status, saw, server, via, failed }): Observation[] => {
    const probe = probes.get(id)
    if (!probe) return []
    if (failed !== undefined) return [{ probe, answer: { failed } }]
    return [{ probe, answer: { status, saw: decodeSighting(saw), server, via } }]
  })
}
