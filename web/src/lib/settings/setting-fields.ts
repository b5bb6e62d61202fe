/** One value of a setting, as the document holds it; null is "none", such as no limit. */
export type SettingValue = boolean | number | string | string[] | null

/** The part of a JSON schema that the server writes about its settings. */
export type SettingSchema = {
  title?: string
  description?: string
  type?: string
  enum?: string[]
  anyOf?: SettingSchema[]
  items?: SettingSchema
  properties?: Record<string, SettingSchema>
  default?: SettingValue
  minimum?: number
  maximum?: number
  writeOnly?: boolean
  contentMediaType?: string
  'x-environment'?: string[]
}

export type FieldKind = 'switch' | 'text' | 'long-text' | 'number' | 'choice' | 'choices' | 'lines' | 'secret'

export type Field = {
  /** Dotted, such as `trustedHeader.headers.email`. */
  path: string
  title: string
  help: string
  kind: FieldKind
  /** Of a choice or of choices; empty for the others. */
  choices: readonly string[]
  /** How people call the choices, where somebody said so. */
  choiceTitles?: Readonly<Record<string, string>>
  default: SettingValue
  environment: readonly string[]
  minimum?: number | undefined
  maximum?: number | undefined
}

export type Section = {
  /** As in the document: `trustedHeader`. */
  key: string
  /** As in an address: `trusted-header`. */
  slug: string
  title: string
  help: string
  fields: readonly Field[]
}

/** Two of them stand side by side where there is room; addresses and sentences want the whole width. */
export const isShort = ({ kind, path }: Field): boolean =>
  (kind === 'text' && !/(Url|Domain|Message)$/.test(path)) || kind === 'number' || kind === 'choice'

/** The sections that have a form: those whose settings the schema tells one by one. */
export const sectionsOf = (schema: SettingSchema): Section[] =>
  Object.entries(schema.properties ?? {})
    .filter(([, section]) => section.properties !== undefined)
    .map(([key, section]) => ({
      key,
      slug: slugOf(key),
      title: section.title ?? key,
      help: section.description ?? '',
      fields: fieldsOf(section, key),
    }))

export const slugOf = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function fieldsOf(schema: SettingSchema, path: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const at = `${path}.${key}`
    return one.properties ? fieldsOf(one, at) : [fieldOf(one, at)]
  })
}

const fieldOf = (schema: SettingSchema, path: string): Field => ({
  path,
  title: schema.title ?? path,
  help: schema.description ?? '',
  kind: kindOf(schema),
  choices: schema.enum ?? schema.items?.enum ?? [],
  default: schema.default === undefined ? '' : schema.default,
  environment: schema['x-environment'] ?? [],
  minimum: schema.minimum,
  maximum: schema.maximum,
})

function kindOf(schema: SettingSchema): FieldKind {
  if (schema.writeOnly) return 'secret'
  if (schema.enum) return 'choice'
  if (schema.items?.enum) return 'choices'
  if (Array.isArray(schema.default)) return 'lines'
  const types = [schema.type, ...(schema.anyOf ?? []).map(({ type }) => type)]
  if (types.includes('boolean')) return 'switch'
  if (types.includes('number') || types.includes('integer')) return 'number'
  return schema.contentMediaType === undefined ? 'text' : 'long-text'
}
