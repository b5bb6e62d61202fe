import type { Environment } from '../platform/environment.ts'
import type { PlainObject } from '../platform/deep-merge.ts'

/** The part of the settings that the environment sets, and which variable sets what. */
export function environmentSettings({ values, writtenAs }: Environment): {
  document: PlainObject
  names: Map<string, string>
} {
  const names = new Map<string, string>()
  const section: PlainObject = {}
  const networks = values.PORCHLIGHT_TRUSTED_NETWORKS?.trim()
  if (networks) {
    section.networks = networks
    section.enabled = true
    names.set('trustedHeader.networks', writtenAs('PORCHLIGHT_TRUSTED_NETWORKS'))
    names.set('trustedHeader.enabled', writtenAs('PORCHLIGHT_TRUSTED_NETWORKS'))
  }
  if (values.PORCHLIGHT_TRUSTED_HEADER !== undefined) {
    section.enabled = values.PORCHLIGHT_TRUSTED_HEADER === 'true'
    names.set('trustedHeader.enabled', writtenAs('PORCHLIGHT_TRUSTED_HEADER'))
  }
  return { document: names.size > 0 ? { trustedHeader: section } : {}, names }
}
