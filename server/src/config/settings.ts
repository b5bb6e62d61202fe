import type { Policy } from '@porchlight/trusted-header'
import { z } from 'zod'
import { deepMerge, documentOf, isPlainObject, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { StartProblem } from '../platform/environment.ts'
import type { Logger } from '../platform/logger.ts'
import type { SettingsStore } from './settings-store.ts'
import { systemConfigDefaults, systemConfigSchema, type SystemConfig } from './system-config.ts'
import { policyOf } from './trusted-header-settings.ts'

/** Where a field's value comes from; `name` is the variable or file that an operator would change. */
export type Provenance = { source: 'environment' | 'file' | 'stored' | 'default'; name?: string }

export type SettingsInForce = { config: SystemConfig; policy: Policy }

export type Settings = {
  /** The settings in force, read fresh: a change counts at the next request. */
  current(): Promise<SettingsInForce>
  /** Dotted path -> where the value comes from. */
  provenance(): Promise<Record<string, Provenance>>
  /**
   * Takes a whole document.
   *
   * @throws {z.ZodError} when it is not valid, or changes a field that the file or the environment sets
   */
  save(document: SystemConfig): Promise<SystemConfig>
  readonly hasFile: boolean
}

type Layer = { document: PlainObject; nameOf(path: string): string }

/**
 * Settings from three sources, per field: environment over file over stored over default.
 *
 * @throws {StartProblem} when the file or the environment does not validate: the server must not start on a guess
 */
export async function createSettings(from: {
  store: SettingsStore
  logger: Logger
  environment: Layer
  file?: Layer | undefined
}): Promise<Settings> {
  const { store, logger, environment } = from
  const file = from.file ?? { document: {}, nameOf: () => '' }
  const fixed = { environment: leavesOf(environment.document), file: leavesOf(file.document) }
  const isFixed = (path: string) => fixed.environment.has(path) || fixed.file.has(path)

  const layered = (stored: PlainObject) =>
    deepMerge(deepMerge(deepMerge(systemConfigDefaults, stored), file.document), environment.document)
  const validated = (stored: PlainObject) => systemConfigSchema.parse(layered(stored)) as SystemConfig
  const inForce = (stored: PlainObject) => {
    const config = validated(stored)
    return { config, policy: policyOf(config.trustedHeader) }
  }

  /** The stored text that was last looked at, and what is in force since. */
  let known = await startingPoint()

  /** What is stored counts only where it validates; what the operator wrote must validate. */
  async function startingPoint() {
    const text = await store.read()
    try {
      const stored = parseStored(text)
      return { text, stored, value: inForce(stored) }
    } catch (error) {
      const value = fixedOnly()
      logger.error(
        { err: error },
        'the stored settings are not valid with the file and the environment; they are left out',
      )
      return { text, stored: {}, value }
    }
  }

  function fixedOnly() {
    try {
      return inForce({})
    } catch (error) {
      if (error instanceof z.ZodError) throw new StartProblem(explain(error))
      throw error
    }
  }

  function explain(error: z.ZodError): string {
    const [issue] = error.issues
    const path = (issue?.path ?? []).map(String)
    const setting = path.join('.')
    const variable = issue?.code === 'unrecognized_keys' ? undefined : variableBehind(path)
    if (variable === undefined) return `${file.nameOf(setting)}: ${setting}: ${issue?.message}`
    return `${environment.nameOf(variable)}: ${variable === setting ? '' : `${setting}: `}${issue?.message}`
  }

  /** The field that the environment sets and that is wrong, or that asks for another one of its section. */
  function variableBehind(path: readonly string[]): string | undefined {
    for (let length = path.length; length > 0; length--) {
      const setting = path.slice(0, length).join('.')
      if (fixed.environment.has(setting)) return setting
      if (fixed.file.has(setting)) return undefined
    }
    return [...fixed.environment.keys()].find((field) => field.startsWith(`${path[0]}.`))
  }

  function provenanceOf(path: string, stored: Map<string, unknown>): Provenance {
    if (fixed.environment.has(path)) return { source: 'environment', name: environment.nameOf(path) }
    if (fixed.file.has(path)) return { source: 'file', name: file.nameOf(path) }
    return { source: stored.has(path) ? 'stored' : 'default' }
  }

  async function current() {
    const text = await store.read()
    if (text === known.text) return known.value
    try {
      const stored = parseStored(text)
      known = { text, stored, value: inForce(stored) }
    } catch (error) {
      // The last good settings stay in force; remembered for this text, so that it is said once.
      logger.error({ err: error }, 'the stored settings are not valid and were not put in force')
      known = { ...known, text }
    }
    return known.value
  }

  return {
    hasFile: from.file !== undefined,
    current,

    async provenance() {
      await current()
      const stored = leavesOf(known.stored)
      const paths = [...leavesOf(systemConfigDefaults).keys()]
      return Object.fromEntries(paths.map((path) => [path, provenanceOf(path, stored)]))
    },

    async save(document) {
      const now = leavesOf((await current()).config)
      const wanted = [...leavesOf(systemConfigSchema.parse(document))]
      const locked = wanted.filter(([path, value]) => isFixed(path) && !same(value, now.get(path)))
      if (locked.length > 0) throw new z.ZodError(locked.map(([path]) => lockedIssue(path)))

      const defaults = leavesOf(systemConfigDefaults)
      const stored = documentOf(
        wanted.filter(([path, value]) => !isFixed(path) && !same(value, defaults.get(path))),
      )
      const value = inForce(stored)
      const text = JSON.stringify(stored)
      await store.write(text)
      known = { text, stored, value }
      return value.config
    },
  }

  function lockedIssue(path: string): z.core.$ZodIssue {
    const { name } = provenanceOf(path, new Map())
    return {
      code: 'custom',
      path: path.split('.'),
      message: `Set by ${name}; change it there`,
      input: undefined,
    }
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function parseStored(text: string): PlainObject {
  const stored: unknown = JSON.parse(text)
  return isPlainObject(stored) ? stored : {}
}
