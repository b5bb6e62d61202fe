import { z } from 'zod'
import { isPlainObject, type PlainObject } from '../platform/deep-merge.ts'
import { effectiveSections, passingSections } from './effective-sections.ts'
import { settingNotes, titleOf } from './setting-notes.ts'
import { systemConfigDefaults } from './system-config.ts'

/** A JSON schema, or a part of one. */
export type JsonSchema = { [key: string]: unknown }

/**
 * The settings that do something, as a JSON schema (draft 2020-12): what editors complete a config file by, what the
 * admin pages are made of, and what the page in the docs is written from. Beside the standard's words a leaf has its
 * `default`, `writeOnly` where the value is never answered as it was given, and `x-environment` with the names of the
 * variables that set it. Every setting may be left out.
 */
export function configSchema(): JsonSchema {
  const sections = Object.entries(effectiveSections).map(([key, schema]): [string, JsonSchema] => {
    const written = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' })
    return [key, dressed(written, key, systemConfigDefaults[key as keyof typeof systemConfigDefaults])]
  })
  const passing = passingSections.map((key): [string, JsonSchema] => [
    key,
    { type: 'object', description: 'Kept for Immich’s clients; does nothing here yet' },
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of Porchlight',
    type: 'object',
    properties: Object.fromEntries([...sections, ...passing]),
    additionalProperties: false,
  }
}

function dressed(schema: JsonSchema, path: string, value: unknown): JsonSchema {
  const description = schema.description ?? settingNotes[path]?.about
  const words = { title: titleOf(path), ...(description !== undefined && { description }) }
  if (!isPlainObject(schema.properties))
    return { ...words, ...leaf(schema), ...notesOf(path), default: value }

  const below = isPlainObject(value) ? value : {}
  const properties = Object.entries(schema.properties).map(([key, one]) => [
    key,
    dressed(one as JsonSchema, `${path}.${key}`, below[key]),
  ])
  const strict = schema.additionalProperties === false
  return {
    ...words,
    type: 'object',
    properties: Object.fromEntries(properties) as PlainObject,
    ...(strict && { additionalProperties: false }),
  }
}

/** "Empty or a name" is a text to whoever fills in a form; what it must look like, the server says. */
function leaf({ $schema: _draft, title: _title, description: _words, ...schema }: JsonSchema): JsonSchema {
  const branches = Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : []
  if (branches.length > 0 && branches.every(({ type }) => type === 'string')) return { type: 'string' }
  return schema
}

function notesOf(path: string): JsonSchema {
  const { environment, secret, language } = settingNotes[path] ?? {}
  return {
    ...(environment && { 'x-environment': environment }),
    ...(secret && { writeOnly: true }),
    ...(language && { contentMediaType: language }),
  }
}
