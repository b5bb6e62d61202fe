import type { ProvenanceDto } from '../api/api-types.ts'

/** Why a field cannot be changed here; undefined if it can. */
export function lockOf(provenance: ProvenanceDto, path: string): string | undefined {
  const from = provenance[path]
  if (from?.source === 'environment') return `Set by ${from.name ?? 'the environment'}`
  if (from?.source === 'file') return `Set in ${from.name ?? 'the config file'}`
  return undefined
}

/** Where a value that can be changed here has come from; undefined for a default, which goes without saying. */
export function originOf(provenance: ProvenanceDto, path: string, preset = ''): string | undefined {
  const from = provenance[path]
  if (from?.source === 'stored') return 'Changed here'
  if (from?.source === 'preset') return `From the preset ${from.name ?? preset}`.trim()
  return undefined
}
