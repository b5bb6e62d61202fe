import { parseNetworks, type ClaimNames, type Policy } from '@porchlight/trusted-header'
import type { SystemConfig } from './system-config.ts'
import type { TrustedHeaderSettings } from './trusted-header-settings.ts'

/** What the engine needs of the settings. */
export function policyOf({ trustedHeader: settings, server }: SystemConfig): Policy {
  const parsed = parseNetworks(settings.networks)
  if ('problems' in parsed) throw new Error('settings were used that did not validate')
  const { secret, assertion, groupSeparator, nameEncoding } = settings
  const digests = secret.values.map((value) => value.slice('sha256:'.length))
  return {
    enabled: settings.enabled,
    networks: parsed.networks,
    unixSocket: settings.unixSocket,
    ...(digests.length > 0 && { secret: { header: secret.header, digests } }),
    ...(assertion.header !== '' && {
      assertion: { header: assertion.header, claims: named(assertion.claims) },
    }),
    headers: named(settings.headers),
    groupSeparator,
    nameEncoding,
    allowedHosts: hostsOf(settings, server.externalDomain),
  }
}

/** Without the fields that are not read. */
const named = ({ email, ...others }: TrustedHeaderSettings['headers']): ClaimNames => ({
  email,
  ...Object.fromEntries(Object.entries(others).filter(([, name]) => name !== '')),
})

/** The external domain is the one name that the server knows itself by. */
function hostsOf({ allowedHosts }: TrustedHeaderSettings, externalDomain: string): readonly string[] {
  if (allowedHosts.length > 0 || !URL.canParse(externalDomain)) return allowedHosts
  const { hostname } = new URL(externalDomain)
  return hostname === '' ? [] : [hostname]
}
