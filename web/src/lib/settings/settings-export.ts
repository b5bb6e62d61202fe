import type { Section } from './setting-fields.ts'
import { sameValue, valueAt, withValues, type SettingsDocument } from './setting-values.ts'
import { toYaml } from './settings-yaml.ts'

export type ExportWish = { all: boolean; as: 'yaml' | 'json' }

/** The settings that have a form as the text of a config file: all of them, or those that differ from the default. */
export function exportText(
  sections: readonly Section[],
  document: SettingsDocument,
  wish: ExportWish,
): string {
  const values = sections
    .flatMap(({ fields }) => fields)
    .map((field) => ({ field, value: valueAt(document, field.path) }))
    .flatMap(({ field, value }) =>
      value !== undefined && (wish.all || !sameValue(value, field.default))
        ? [[field.path, value] as const]
        : [],
    )
  const part = withValues({}, new Map(values))
  if (wish.as === 'json') return `${JSON.stringify(part, undefined, 2)}\n`
  return Object.keys(part).length === 0
    ? '# Everything is as it was made: nothing was changed.\n'
    : toYaml(part)
}
