import type { ProvenanceDto, SystemConfigDto, TrustedHeaderConfig } from '../api/api-types.ts'

/** The form's own shape: what a person types. */
export type TrustedHeaderForm = {
  enabled: boolean
  networks: string
  emailHeader: string
  signOutUrl: string
  autoRegister: boolean
}

/** The settings the form can change, by the path the server names them with. */
export const formFields = {
  enabled: 'trustedHeader.enabled',
  networks: 'trustedHeader.networks',
  emailHeader: 'trustedHeader.headers.email',
  signOutUrl: 'trustedHeader.signOutUrl',
  autoRegister: 'trustedHeader.autoRegister',
} as const satisfies Record<keyof TrustedHeaderForm, string>

export const toForm = (config: TrustedHeaderConfig): TrustedHeaderForm => ({
  enabled: config.enabled,
  networks: config.networks.join('\n'),
  emailHeader: config.headers.email,
  signOutUrl: config.signOutUrl,
  autoRegister: config.autoRegister,
})

/** The whole document with the form's answers in it; everything else goes back as it came. */
export function toConfig(config: SystemConfigDto, form: TrustedHeaderForm): SystemConfigDto {
  return {
    ...config,
    trustedHeader: {
      ...config.trustedHeader,
      enabled: form.enabled,
      networks: splitNetworks(form.networks),
      headers: { ...config.trustedHeader.headers, email: form.emailHeader.trim() },
      signOutUrl: form.signOutUrl.trim(),
      autoRegister: form.autoRegister,
    },
  }
}

/** One per line or separated by commas. Bad entries stay as typed: the server names them. */
export const splitNetworks = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** The network that holds this one peer and nobody else; a v4 peer on a v6 socket is written as v4. */
export function narrowestNetwork(peer: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(peer)?.[1]
  const address = (mapped ?? peer).replace(/%.*$/, '')
  return `${address}/${address.includes(':') ? 128 : 32}`
}

export function withNetwork(text: string, network: string): string {
  const entries = splitNetworks(text)
  return entries.includes(network) ? text : [...entries, network].join('\n')
}

/** Why a field cannot be changed here; undefined if it can. */
export function lockOf(provenance: ProvenanceDto, path: string): string | undefined {
  const from = provenance[path]
  if (from?.source === 'environment') return `Set by ${from.name ?? 'the environment'}`
  if (from?.source === 'file') return `Set by the config file${from.name ? ` (${from.name})` : ''}`
  return undefined
}
