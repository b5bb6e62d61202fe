import { describeNetworkProblem, parseNetworks, presets, type Policy } from '@porchlight/trusted-header'
import { z } from 'zod'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { policyOf } from '../config/trusted-header-policy.ts'
import { trustedHeaderSettings } from '../config/trusted-header-settings.ts'
import { deepMerge, isPlainObject, type PlainObject } from '../platform/deep-merge.ts'
import type { Caller } from '../users/caller.ts'
import { lintSettings } from './breadth.ts'
import { narrowest } from './judge-reach.ts'
import { line, sighting, tryout, type Line, type Sighting, type Tryout } from './sign-in-check.ts'

/** What this very request would lead to if a proposal for the section were in force. */
export const dryRunResponse = tryout.partial().extend({
  /** What does not validate; then nothing else is known but the breadth of the networks. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  seen: sighting,
  /** Whether the admin who asks would still be an admin after saving, and why. */
  stillIn: z.object({ yes: z.boolean(), reason: z.string() }).optional(),
  lines: z.array(line),
  proposals: z.object({
    /** The narrowest network for the peer of this request, where it looks like a proxy. */
    network: z.string().optional(),
    /** The login service whose headers are on this request. */
    preset: z.string().optional(),
    /** Headers on this request that look like a person, by field. */
    headers: z.record(z.string(), z.string()),
  }),
})

export type DryRun = z.infer<typeof dryRunResponse>

export type DryRunPorts = {
  settings: Settings
  gateways(): Promise<string[]>
  /** The two looks at the admin's own request. */
  sight(inForce: SettingsInForce): Promise<Sighting>
  tryOut(inForce: SettingsInForce): Promise<Tryout>
}

/** Tries a proposal on the request that brings it. Nothing is saved. */
export async function dryRun(proposal: PlainObject, caller: Caller, ports: DryRunPorts): Promise<DryRun> {
  const now = await ports.settings.current()
  const parsed = trustedHeaderSettings.safeParse(deepMerge(now.config.trustedHeader, proposal))
  if (!parsed.success) {
    const seen = await ports.sight(now)
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    return { problems, seen, lines: refusedNetworks(proposal), proposals: proposalsFor(seen, now.policy) }
  }
  const config = { ...now.config, trustedHeader: parsed.data }
  const policy = policyOf(config)
  const proposed = { config, policy }
  const [seen, outcome, gateways] = await Promise.all([
    ports.sight(proposed),
    ports.tryOut(proposed),
    ports.gateways(),
  ])
  const lines = lintSettings({ policy, externalDomain: config.server.externalDomain, gateways })
  return {
    problems: [],
    ...outcome,
    seen,
    stillIn: stillIn(outcome, caller),
    lines,
    proposals: proposalsFor(seen, policy),
  }
}

/** A network that is refused is refused with the parser's own reason. */
function refusedNetworks({ networks }: PlainObject): Line[] {
  if (typeof networks !== 'string' && !isTextList(networks)) return []
  const parsed = parseNetworks(networks)
  if ('networks' in parsed) return []
  return parsed.problems.slice(0, 20).map((problem) => ({
    id: `network:${problem.entry.slice(0, 60)}`,
    level: 'bad',
    title: 'A network is refused',
    reason: describeNetworkProblem(problem),
  }))
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** Whether the settings would lock out the one who saves them. */
function stillIn({ verdict, account }: Tryout, caller: Caller): { yes: boolean; reason: string } {
  const bySelf = caller.by === 'api-key' || (caller.by === 'session' && caller.method !== 'trusted-header')
  if (caller.by === 'api-key') return { yes: true, reason: 'Your API key does not depend on the proxy.' }
  if (!account) {
    if (bySelf) return { yes: true, reason: 'You are signed in without the header, and stay so.' }
    const why = 'explanation' in verdict ? verdict.explanation : ''
    return { yes: false, reason: `You came by the header, and it would be refused. ${why}` }
  }
  if (account.outcome === 'opens' && account.userId === caller.user.id)
    return account.isAdmin
      ? { yes: true, reason: 'The header opens your own account.' }
      : {
          yes: false,
          reason:
            'The header opens your own account, which would be no admin any more: you are not in the admin group.',
        }
  if (account.outcome === 'opens')
    return {
      yes: false,
      reason: `The header on this request opens the account of ${account.name}, not yours.`,
    }
  if (account.outcome === 'new')
    return { yes: false, reason: 'The header on this request would make a new account, not open yours.' }
  return {
    yes: false,
    reason: `The header on this request is of somebody who is not let in (${account.code}).`,
  }
}

/** What the request itself suggests. A browser that comes without a proxy is not proposed as one. */
function proposalsFor({ peer, network, headers, forwarded }: Sighting, policy: Policy): DryRun['proposals'] {
  const looksProxied = forwarded.length > 0 || headers.some(({ field }) => field !== 'alias')
  const names = new Map(headers.map(({ name, value }) => [name.toLowerCase(), value]))
  const found = [...presets]
    .filter(({ name }) => name !== 'custom')
    .map((preset) => ({ preset, matches: matchesOf(preset, names) }))
    .sort((one, two) => two.matches - one.matches)[0]
  return {
    ...(peer !== null && network === null && looksProxied && { network: narrowest(peer) }),
    ...(found && found.matches > 0 && { preset: found.preset.name }),
    headers: headersLike(names, policy),
  }
}

/** A preset counts when what it needs is there; more of its headers count more. */
function matchesOf(
  { assertion, headers }: (typeof presets)[number],
  names: ReadonlyMap<string, string>,
): number {
  if (assertion) return names.has(assertion.header.toLowerCase()) ? 10 : 0
  if (!names.has(headers.email)) return 0
  return Object.values(headers).filter((name) => name !== undefined && names.has(name)).length
}

const likely: [field: string, name: RegExp][] = [
  ['id', /(^|-)(uid|sub|userid|user-id)$/],
  ['name', /(^|-)(name|cn|displayname|preferred-username)$/],
  ['groups', /(^|-)(groups?|roles?)$/],
]

function headersLike(names: ReadonlyMap<string, string>, policy: Policy): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of names) {
    if (!/^[a-z0-9-]+$/.test(name)) continue
    const isEmail = /^\S\*\*\*@/.test(value)
    const field = isEmail ? 'email' : likely.find(([, pattern]) => pattern.test(name))?.[0]
    if (field !== undefined) found[field] ??= name
  }
  return 'email' in found || policy.enabled ? found : {}
}

export const asProposal = (value: unknown): PlainObject => (isPlainObject(value) ? value : {})
