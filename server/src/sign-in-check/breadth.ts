import type { Policy } from '@porchlight/trusted-header'
import { parseNetworks } from '@porchlight/trusted-header'
import { hostMend } from './judge-tricks.ts'
import type { Line } from './sign-in-check.ts'

type Facts = { policy: Policy; externalDomain: string; gateways: readonly string[] }

/** What the settings say by themselves, before anybody knocks: how many could pretend to be the proxy. */
export function lintSettings(facts: Facts): Line[] {
  return [...lintProofs(facts), ...lintNetworks(facts), ...lintHosts(facts)]
}

function lintProofs({ policy }: Facts): Line[] {
  const { networks, unixSocket, secret, assertion } = policy
  if (assertion || networks.entries.length > 0 || unixSocket) return []
  if (secret) {
    const reason =
      'Whoever learns the secret can be anybody, from anywhere. Name the proxy’s network beside it.'
    return [{ id: 'proof', level: 'warn', title: 'The shared secret is the only proof', reason }]
  }
  const reason =
    'Neither networks nor a unix socket, a secret or an assertion say who the proxy is, so nobody is believed.'
  return [{ id: 'proof', level: 'unknown', title: 'Nobody is trusted yet', reason }]
}

function lintNetworks({ policy, gateways }: Facts): Line[] {
  // A secret or a signature has to hold as well, so that a neighbour in the network gains nothing.
  const isAlone = policy.secret === undefined && policy.assertion === undefined
  return policy.networks.entries.map((entry): Line => {
    const id = `network:${entry}`
    const gateway = gateways.find((address) => holds(entry, address))
    if (gateway !== undefined && isAlone) {
      const reason = `${gateway} is where this machine’s connections from outside come in. Behind Docker’s or a router’s address translation every visitor seems to call from there, and could be anybody. Trust the proxy’s own address, or add a shared secret.`
      return {
        id,
        level: 'bad',
        title: `The network ${entry} holds the gateway of this machine`,
        reason,
        mend: narrower,
      }
    }
    if (isWide(entry) && isAlone) {
      const reason = `${sizeOf(entry)}. Every device among them, and every page that a browser there opens, can pretend to be the proxy. Trust the proxy’s address alone.`
      return { id, level: 'warn', title: `The network ${entry} is wide`, reason, mend: narrower }
    }
    const note = isLoopback(entry)
      ? 'This is the machine itself: every program and every user on it can be anybody.'
      : 'Whoever calls from there is believed.'
    return {
      id,
      level: 'good',
      title: `The network ${entry} is ${isAlone ? 'narrow' : 'not the only proof'}`,
      reason: note,
    }
  })
}

const narrower = {
  proxy: 'porchlight',
  where: 'in Porchlight, the address of the proxy alone (the check shows it as “calls from”)',
  lines: ['PORCHLIGHT_TRUSTED_NETWORKS=<address of the proxy>/32'],
}

const prefixOf = (entry: string) => Number(entry.split('/')[1])
const isSix = (entry: string) => entry.includes(':')
const isWide = (entry: string) => prefixOf(entry) < (isSix(entry) ? 64 : 24)
const isLoopback = (entry: string) => /^127\.|^::1\//.test(entry)

const wholeRanges = new Set([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fd00::/8',
  'fe80::/10',
])

function sizeOf(entry: string): string {
  if (wholeRanges.has(entry)) return 'This is a whole range of private addresses'
  return isSix(entry) ? 'This is more than one network' : `These are ${2 ** (32 - prefixOf(entry))} addresses`
}

function holds(entry: string, address: string): boolean {
  const parsed = parseNetworks([entry])
  return 'networks' in parsed && parsed.networks.contains(address)
}

function lintHosts({ policy }: Facts): Line[] {
  const hosts = policy.allowedHosts ?? []
  const id = 'hosts'
  if (hosts.length > 0)
    return [
      {
        id,
        level: 'good',
        title: 'Porchlight knows its own name',
        reason: `People are believed at ${hosts.join(', ')} only.`,
      },
    ]
  const reason =
    'Neither an external domain nor allowed hosts are set. A page of another name that leads to your address (DNS rebinding) could act in the name of whoever opens it.'
  return [{ id, level: 'warn', title: 'Porchlight does not know its own name', reason, mend: hostMend }]
}
