import { isPlainObject } from '../platform/deep-merge.ts'
import type { JsonSchema } from './config-schema.ts'

const introduction = `# Settings

Every setting that does something. Written by a test from the schema that the server validates with; do not edit.

A setting comes from the environment, else from the config file, else from the admin pages, else from the preset of the login
service, else from the default: each on its own. The config file is YAML or JSON, named by \`PORCHLIGHT_CONFIG_FILE\`; the dots
below are levels in it:

\`\`\`yaml
# yaml-language-server: $schema=./porchlight.schema.json
trustedHeader:
  enabled: true
  networks:
    - 10.3.3.7/32
  headers:
    email: remote-email
\`\`\`

With [porchlight.schema.json](porchlight.schema.json) beside the file, editors complete the names and say what they mean.
`

/** The page of the docs that lists every setting of `schema`. */
export function settingsPage(schema: JsonSchema): string {
  const sections = Object.entries(propertiesOf(schema))
    .filter(([, section]) => 'properties' in section)
    .map(([key, section]) => sectionOf(key, section))
  return [introduction, ...sections].join('\n')
}

function sectionOf(key: string, section: JsonSchema): string {
  const rows = leavesOf(key, section).map(([path, leaf]) => [
    `\`${path}\``,
    typeOf(leaf),
    `\`${JSON.stringify(leaf.default)}\``,
    environmentOf(leaf),
    cell(wordsIn(leaf.description ?? leaf.title)),
  ])
  return `## ${wordsIn(section.title)}\n\n${wordsIn(section.description)}\n\n${table([
    ['Setting', 'Type', 'Default', 'Environment', 'Meaning'],
    ...rows,
  ])}\n`
}

function leavesOf(path: string, schema: JsonSchema): [string, JsonSchema][] {
  if (!('properties' in schema)) return [[path, schema]]
  return Object.entries(propertiesOf(schema)).flatMap(([key, one]) => leavesOf(`${path}.${key}`, one))
}

function propertiesOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return isPlainObject(properties) ? (properties as Record<string, JsonSchema>) : {}
}

function typeOf(leaf: JsonSchema): string {
  if (Array.isArray(leaf.enum)) return leaf.enum.map((word) => `\`${String(word)}\``).join(', ')
  if (leaf.type === 'array' && isPlainObject(leaf.items) && Array.isArray(leaf.items.enum))
    return `list of ${leaf.items.enum.map((word) => `\`${String(word)}\``).join(', ')}`
  if (Array.isArray(leaf.default)) return 'list of texts'
  const words: Record<string, string> = { boolean: 'true or false', string: 'text', null: 'null' }
  const branches = Array.isArray(leaf.anyOf) ? (leaf.anyOf as JsonSchema[]) : [leaf]
  return branches.map(({ type }) => words[String(type)] ?? String(type)).join(' or ')
}

const environmentOf = (leaf: JsonSchema) =>
  Array.isArray(leaf['x-environment']) ? leaf['x-environment'].map((name) => `\`${name}\``).join(', ') : ''

const wordsIn = (words: unknown) => (typeof words === 'string' ? words : '')

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** Padded as the formatter pads it. */
function table([head = [], ...rest]: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rest].map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rest].map(line).join('\n')
}
