import { valueAt, type SettingsDocument } from './setting-values.ts'
import type { SettingValue } from './setting-fields.ts'

/** What a login service sends, as the server knows it. */
export type Preset = {
  name: string
  title: string
  /** What it puts into the trusted-header section. */
  fields: SettingsDocument
  /** How the fields look that only the household knows. */
  hints: Record<string, string>
  /** Where the login service documents it. */
  source: string
}

const section = 'trustedHeader.'

/** What the preset says about a setting; undefined where it says nothing. */
export const presetValue = (preset: Preset | undefined, path: string): SettingValue | undefined =>
  preset && path.startsWith(section) ? valueAt(preset.fields, path.slice(section.length)) : undefined

/** `https://{portal}/logout`, by which somebody sees what belongs into a field; undefined where nothing is to be said. */
export function presetHint(preset: Preset | undefined, path: string): string | undefined {
  const name = path.split('.').at(-1) ?? ''
  const isOwn = path === 'trustedHeader.signOutUrl' || path.startsWith('trustedHeader.assertion.')
  return isOwn ? preset?.hints[name] : undefined
}
