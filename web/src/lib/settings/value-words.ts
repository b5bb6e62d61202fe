import { secretName } from './secret-value.ts'
import { choiceWords } from './choice-words.ts'
import type { Field, SettingValue } from './setting-fields.ts'

/** A value as people read it in a list of changes. */
export function wordsFor(value: SettingValue | undefined, field?: Pick<Field, 'path' | 'kind'>): string {
  if (value === undefined || value === '') return 'empty'
  if (value === true) return 'on'
  if (value === false) return 'off'
  if (field?.kind === 'secret')
    return Array.isArray(value) && value.length > 0 ? value.map(secretName).join(', ') : 'none'
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => choiceWords(field?.path ?? '', one)).join(', ')
  return choiceWords(field?.path ?? '', String(value))
}
