import { secretName } from './secret-value.ts'
import { choiceWords } from './choice-words.ts'
import type { Field, SettingValue } from './setting-fields.ts'

const nameless = { path: '', kind: 'text' } as const

/** A value as people read it in a list of changes. */
export function wordsFor(
  value: SettingValue | undefined,
  field: Pick<Field, 'path' | 'kind' | 'choiceTitles'> = nameless,
): string {
  if (value === null) return 'none'
  if (value === undefined || value === '') return 'empty'
  if (value === true) return 'on'
  if (value === false) return 'off'
  if (field.kind === 'secret')
    return Array.isArray(value) && value.length > 0 ? value.map(secretName).join(', ') : 'none'
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => choiceWords(field, one)).join(', ')
  return choiceWords(field, String(value))
}
