import type { z } from 'zod'
import { isPlainObject, type PlainObject } from '../platform/deep-merge.ts'
import type { Layer, Layers } from './settings-layers.ts'

type Sources = { layers: Layers; environment: Layer; file: Layer }

/**
 * One line for an operator: the source, the setting, what is wrong with it and what it is. The admin page has the
 * fields before its eyes and needs none of this.
 */
export function complain(error: z.ZodError, sources: Sources): string {
  const { layers, environment, file } = sources
  const [issue] = error.issues
  const path = (issue?.path ?? []).map(String)
  const setting = path.join('.')
  const message = `${issue?.message}${valueOf(layers.lay({}), path, issue?.message ?? '')}`
  const variable = issue?.code === 'unrecognized_keys' ? undefined : layers.variableBehind(path)
  if (variable === undefined)
    return `${file.nameOf(setting)}${lineOf(file, placeOf(issue))}: ${setting}: ${message}`
  const line = `${environment.nameOf(variable)}: ${variable === setting ? '' : `${setting}: `}${message}`
  const other = variable === setting ? '' : environment.nameOf(setting)
  return other === '' ? line : `${line}; in the environment: ${other}`
}

/** A name that nothing has stands below what it is said to be unknown in. */
function placeOf(issue: z.core.$ZodIssue | undefined): string[] {
  const path = (issue?.path ?? []).map(String)
  return issue?.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
}

/** The line of the field, or of the nearest name around it. */
function lineOf({ lineOf }: Layer, path: readonly string[]): string {
  for (let length = path.length; length > 0; length--) {
    const line = lineOf?.(path.slice(0, length).join('.'))
    if (line !== undefined) return `, line ${line}`
  }
  return ''
}

const longestValue = 80

/** What was written, unless the message says so itself, or it is a secret. */
function valueOf(document: PlainObject, path: readonly string[], message: string): string {
  if (path.some((name) => name === 'secret')) return ''
  let value: unknown = document
  for (const key of path)
    value = isPlainObject(value) || Array.isArray(value) ? (value as PlainObject)[key] : undefined
  if (value === undefined || isPlainObject(value)) return ''
  const text = JSON.stringify(value)
  // A message about one entry of a list begins with that entry.
  if (message.includes(text) || message.startsWith('"')) return ''
  return ` (it is ${text.length > longestValue ? `${text.slice(0, longestValue)}…` : text})`
}
