import { presets, type ClaimNames } from '@porchlight/trusted-header'
import type { PlainObject } from '../platform/deep-merge.ts'

/** What a preset puts into the fields of the section, by their names; nothing for a name that is no preset. */
export function presetFields(name: unknown): PlainObject {
  const preset = presets.find((one) => one.name === name)
  if (!preset) return {}
  const { headers, groupSeparator, nameEncoding, signOutUrl, assertion } = preset
  return {
    headers: everyField(headers),
    groupSeparator,
    nameEncoding,
    signOutUrl,
    ...(assertion && { assertion: { ...assertion, claims: everyField(assertion.claims) } }),
  }
}

/** What the login service does not send is not read. */
const everyField = (names: ClaimNames) => ({ id: '', name: '', groups: '', picture: '', quota: '', ...names })
