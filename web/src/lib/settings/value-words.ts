import { secretName } from './secret-value.ts'
import type { FieldKind, SettingValue } from './setting-fields.ts'

/** A value as people read it in a list of changes. */
export function wordsFor(value: SettingValue | undefined, kind: FieldKind = 'text'): string {
  if (value === undefined || value === '') return 'empty'
  if (value === true) return 'on'
  if (value === false) return 'off'
  if (kind === 'secret')
    return Array.isArray(value) && value.length > 0 ? value.map(secretName).join(', ') : 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value)
}
