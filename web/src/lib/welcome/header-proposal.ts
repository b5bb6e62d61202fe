import type { ProvenanceDto } from '../api/api-types.ts'
import type { SettingValue } from '../settings/setting-fields.ts'
import { lockOf } from '../settings/setting-origin.ts'
import type { DryRunDto } from '../sign-in-check/check-types.ts'

type Surroundings = { provenance: ProvenanceDto; origin: string; externalDomain: string }

/**
 * The narrowest settings under which this very request would be believed, as far as it tells; in the order to set them.
 * The address that the page was opened under becomes the public one where none is set: it keeps other names out.
 */
export function proposalOf(
  { proposals }: Pick<DryRunDto, 'proposals'>,
  { provenance, origin, externalDomain }: Surroundings,
): [path: string, value: SettingValue][] {
  const { network, preset, headers } = proposals
  const wanted: [string, SettingValue][] = [['trustedHeader.enabled', true]]
  if (preset !== undefined) wanted.push(['trustedHeader.preset', preset])
  else
    for (const [field, name] of Object.entries(headers)) wanted.push([`trustedHeader.headers.${field}`, name])
  if (network !== undefined) wanted.push(['trustedHeader.networks', [network]])
  if (externalDomain === '' && origin.startsWith('https:')) wanted.push(['server.externalDomain', origin])
  return wanted.filter(([path]) => lockOf(provenance, path) === undefined)
}

/** Whether a proxy with a name in its hand stands before this request. */
export const hasIdentity = ({ proposals }: Pick<DryRunDto, 'proposals'>): boolean =>
  proposals.preset !== undefined || 'email' in proposals.headers
