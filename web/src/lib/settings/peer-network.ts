/** The network that holds this one peer and nobody else; a v4 peer on a v6 socket is written as v4. */
export function narrowestNetwork(peer: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(peer)?.[1]
  const address = (mapped ?? peer).replace(/%.*$/, '')
  return `${address}/${address.includes(':') ? 128 : 32}`
}

export const withNetwork = (networks: readonly string[], network: string): string[] =>
  networks.includes(network) ? [...networks] : [...networks, network]
