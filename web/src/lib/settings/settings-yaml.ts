import type { SettingsDocument } from './setting-values.ts'

/** Texts that YAML reads as something else unless they are quoted, and texts that its signs would take apart. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n|~)$)[A-Za-z/][\w ./@+-]*(?<! )$/i

/**
 * A settings document as YAML: names within names, lists in lines. Texts are plain where that is safe, else quoted as in
 * JSON, which YAML 1.2 reads (https://yaml.org/spec/1.2.2/#12-yaml-history).
 */
export const toYaml = (document: SettingsDocument): string => linesOf(document, '').join('\n') + '\n'

function linesOf(document: SettingsDocument, indent: string): string[] {
  return Object.entries(document).flatMap(([key, value]) => {
    const name = `${indent}${scalar(key)}:`
    if (Array.isArray(value) && value.length > 0)
      return [name, ...value.map((entry) => `${indent}  - ${scalar(entry)}`)]
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${name} ${scalar(value)}`]
    const below = linesOf(value as SettingsDocument, `${indent}  `)
    return below.length > 0 ? [name, ...below] : [`${name} {}`]
  })
}

const scalar = (value: unknown): string =>
  typeof value === 'string' && plain.test(value) ? value : JSON.stringify(value)
