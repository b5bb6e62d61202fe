import { readFile } from 'node:fs/promises'
import type { Document } from 'yaml'
import { isPlainObject, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { StartProblem } from '../platform/environment.ts'
import { systemConfigDefaults } from './system-config.ts'

/** The settings of a file, and the line on which the value of a dotted path stands (undefined: it is not in there). */
export type ConfigFile = { document: PlainObject; lineOf(path: string): number | undefined }

/**
 * Reads the settings file (YAML, of which JSON is a part). It may hold any part of the document.
 *
 * @throws {StartProblem} when it cannot be read, is not YAML, or is not made of settings by name
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new StartProblem(`The config file ${path} cannot be read: ${error.message}`)
  })
  return parseConfigText(text, `The config file ${path}`)
}

/**
 * Takes the text of a settings file apart, wherever it comes from; `called` begins the complaints about it.
 *
 * @throws {StartProblem} when it is not YAML, or is not made of settings by name
 */
export async function parseConfigText(text: string, called: string): Promise<ConfigFile> {
  const { parsed, lineOf } = await parseYaml(text, called)
  const document: unknown = parsed ?? {}
  if (refersToItself(document)) throw new StartProblem(`${called} refers to itself by an alias`)
  if (!isPlainObject(document)) throw new StartProblem(`${called} must hold settings by name`)
  const dotted = dottedKey(document)
  if (dotted !== undefined) {
    throw new StartProblem(`${called}: write ${JSON.stringify(dotted)} as names within names`)
  }
  return { document, lineOf }
}

/** YAML can say that a part is inside of itself; there is no such setting, and no end to looking for it. */
function refersToItself(document: unknown, around: readonly unknown[] = []): boolean {
  if (typeof document !== 'object' || document === null) return false
  if (around.includes(document)) return true
  return Object.values(document).some((part) => refersToItself(part, [...around, document]))
}

/** `trustedHeader.enabled: false` in one line would set nothing, while its author believes the door shut. */
function dottedKey(document: PlainObject): string | undefined {
  for (const [key, value] of Object.entries(document)) {
    const found = key.includes('.') ? key : isPlainObject(value) && dottedKey(value)
    if (found) return found
  }
  return undefined
}

/** The parser is loaded only where there is a file: it takes 7 MB. */
async function parseYaml(text: string, called: string) {
  const { isScalar, LineCounter, parseDocument, YAMLParseError } = await import('yaml')
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' })
    if (document.errors[0]) throw document.errors[0]
    const lineOf = (setting: string) => {
      const node = nodeAt(document, setting.split('.'))
      const start = node?.range?.[0]
      if (node === undefined || start === undefined) return undefined
      // A block of names begins on the line after its own name.
      const { line } = lines.linePos(start)
      return isScalar(node) || text[start] === '[' || text[start] === '{' ? line : line - 1
    }
    return { parsed: document.toJS() as unknown, lineOf }
  } catch (error) {
    // Some mistakes, such as an alias of nothing, come without a place.
    const place = error instanceof YAMLParseError ? error.linePos?.[0] : undefined
    const [reason = ''] = (error as Error).message.split('\n', 1)
    throw new StartProblem(
      `${called} is not valid YAML${place ? `, line ${place.line}` : ''}: ` +
        reason.replace(/ at line \d+, column \d+:$/, ''),
    )
  }
}

type PlacedNode = { range?: [number, number, number] | null }

function nodeAt(document: Document, keys: readonly string[]): PlacedNode | undefined {
  const node: unknown = document.hasIn(keys) ? document.getIn(keys, true) : undefined
  return typeof node === 'object' && node !== null ? node : undefined
}

/** Names in the file that no setting has: Immich's files may hold some, so they are only worth a warning. */
export function unknownKeys(document: PlainObject): string[] {
  const known = new Set(leavesOf(systemConfigDefaults).keys())
  return [...leavesOf(document).keys()].filter((path) => !known.has(path))
}
