import { draftValue, type Draft } from './settings-draft.ts'

export type Strength = {
  /** 0: nobody is believed, 4: as good as it gets. */
  level: 0 | 1 | 2 | 3 | 4
  title: string
  /** What would make it stronger, or that nothing would. */
  advice: string
}

const at = (draft: Draft, path: string) => draftValue(draft, `trustedHeader.${path}`)
const count = (value: unknown) => (Array.isArray(value) ? value.length : 0)

/** How hard it is to pass for the proxy, by the proofs that are asked for. */
export function proofStrength(draft: Draft): Strength {
  const networks = count(at(draft, 'networks')) > 0
  const socket = at(draft, 'unixSocket') === true
  const secret = count(at(draft, 'secret.values')) > 0
  const assertion = (at(draft, 'assertion.header') ?? '') !== ''
  const peer = networks || socket
  const named = [
    networks && 'network',
    socket && 'unix socket',
    secret && 'secret',
    assertion && 'assertion',
  ].filter((word) => word !== false)
  const title = named.join(' + ')

  if (named.length === 0)
    return {
      level: 0,
      title: 'No proof',
      advice: 'Without a proof nobody is believed, and this cannot be turned on.',
    }
  if (assertion)
    return peer || secret
      ? { level: 4, title, advice: 'A signature, and only from your proxy: as strong as it gets.' }
      : {
          level: 3,
          title,
          advice:
            'Nobody can forge the signature. Name the proxy’s network as well to keep stolen tokens out.',
        }
  if (secret && peer)
    return { level: 3, title, advice: 'Whoever sits in the network must also know the secret.' }
  if (secret)
    return { level: 2, title, advice: 'Whoever learns the secret is the proxy. Name its network as well.' }
  if (socket && !networks)
    return { level: 3, title, advice: 'Only programs of this machine that may open the socket.' }
  return breadth(at(draft, 'networks') as string[], title)
}

/** Wide networks hold many who are not the proxy. */
function breadth(networks: readonly string[], title: string): Strength {
  const wide = networks.find((network) => !holdsOne(network))
  if (wide === undefined)
    return {
      level: 2,
      title,
      advice: 'Only that address is believed. A shared secret would keep its neighbours’ programs out.',
    }
  return {
    level: 1,
    title,
    advice: `Every machine in ${wide} can say who it is. Name the proxy’s own address, or add a secret.`,
  }
}

const holdsOne = (network: string) => {
  const bits = /\/(\d+)$/.exec(network)?.[1]
  return bits === undefined || Number(bits) >= (network.includes(':') ? 128 : 32)
}
