import type { Policy } from '@porchlight/trusted-header'
import { z } from 'zod'
import { deepMerge, documentOf, isPlainObject, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { StartProblem } from '../platform/environment.ts'
import type { Logger } from '../platform/logger.ts'
import { createLayers, type Layer, type Provenance } from './settings-layers.ts'
import type { SettingsStore } from './settings-store.ts'
import {
  systemConfigBase,
  systemConfigFields,
  systemConfigSchema,
  type SystemConfig,
} from './system-config.ts'
import { policyOf } from './trusted-header-policy.ts'

export type { Provenance }

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

/**
 * Settings from three sources, per field: environment over file over stored over the preset over the default.
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
  const layers = createLayers({ environment, file })

  const inForce = (stored: PlainObject) => {
    const config = systemConfigSchema.parse(layers.lay(stored)) as SystemConfig
    return { config, policy: policyOf(config) }
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
    const variable = issue?.code === 'unrecognized_keys' ? undefined : layers.variableBehind(path)
    if (variable === undefined) return `${file.nameOf(setting)}: ${setting}: ${issue?.message}`
    const message = `${environment.nameOf(variable)}: ${variable === setting ? '' : `${setting}: `}${issue?.message}`
    const other = variable === setting ? '' : environment.nameOf(setting)
    return other === '' ? message : `${message}; in the environment: ${other}`
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
      return layers.provenance(known.stored)
    },

    async save(document) {
      const now = (await current()).config
      const wanted = followPreset(systemConfigFields.parse(document) as SystemConfig, now)
      const held = leavesOf(now)
      const { isFixed } = layers
      const leaves = [...leavesOf(wanted)]
      const locked = leaves.filter(([path, value]) => isFixed(path) && !same(value, held.get(path)))
      if (locked.length > 0) throw new z.ZodError(locked.map(([path]) => lockedIssue(path)))

      const base = leavesOf(systemConfigBase(wanted.trustedHeader.preset))
      const stored = documentOf(
        leaves.filter(([path, value]) => !isFixed(path) && !same(value, base.get(path))),
      )
      const value = inForce(stored)
      const text = JSON.stringify(stored)
      await store.write(text)
      known = { text, stored, value }
      return value.config
    },
  }

  function lockedIssue(path: string): z.core.$ZodIssue {
    const { name } = layers.provenanceOf(path, {})
    return {
      code: 'custom',
      path: path.split('.'),
      message: `Set by ${name}; change it there`,
      input: undefined,
    }
  }
}

/** Where another preset is chosen, the fields that nobody had set, and that come back as they were, are the new one's. */
function followPreset(wanted: SystemConfig, now: SystemConfig): SystemConfig {
  if (wanted.trustedHeader.preset === now.trustedHeader.preset) return wanted
  const held = leavesOf(now)
  const before = leavesOf(systemConfigBase(now.trustedHeader.preset))
  const after = leavesOf(systemConfigBase(wanted.trustedHeader.preset))
  const untouched = [...leavesOf(wanted)].filter(
    ([path, value]) => same(value, held.get(path)) && same(value, before.get(path)),
  )
  return deepMerge(wanted, documentOf(untouched.map(([path]) => [path, after.get(path)]))) as SystemConfig
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function parseStored(text: string): PlainObject {
  const stored: unknown = JSON.parse(text)
  return isPlainObject(stored) ? stored : {}
}
