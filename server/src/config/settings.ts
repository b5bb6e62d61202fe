import type { Policy } from '@porchlight/trusted-header'
import { z } from 'zod'
import { changesBetween, type Changes, type PlainObject } from '../platform/deep-merge.ts'
import { newId, type Clock } from '../platform/clock.ts'
import { StartProblem } from '../platform/environment.ts'
import { forbidden, Problem } from '../platform/problem.ts'
import type { Logger } from '../platform/logger.ts'
import {
  onProbation,
  readStored,
  rolledBack,
  signInChanges,
  writeStored,
  type Probation,
  type StoredSettings,
} from './probation.ts'
import { toStore } from './settings-changes.ts'
import { complain } from './settings-complaints.ts'
import { createLayers, type Layer, type Provenance } from './settings-layers.ts'
import type { SettingsStore } from './settings-store.ts'
import { systemConfigSchema, type SystemConfig } from './system-config.ts'
import { policyOf } from './trusted-header-policy.ts'

export type { Probation, Provenance }

/** `onProbation`: what is in force about sign-in may be taken back within the minute. */
export type SettingsInForce = { config: SystemConfig; policy: Policy; onProbation?: boolean }

/**
 * Who changes the settings: a person, and whether the proxy vouched for her on the same request; a program (an API key,
 * the command line), which no change shuts out; or one that may not touch how people sign in.
 */
export type Changer = { by: string; vouched: boolean } | 'program' | 'limited-program'

export type Settings = {
  /** The settings in force, read fresh: a change counts at the next request. */
  current(): Promise<SettingsInForce>
  /** Dotted path -> where the value comes from. */
  provenance(): Promise<Record<string, Provenance>>
  /**
   * Takes a whole document. What a person changes about sign-in is on probation: it ends by itself after
   * `probationTime` unless it is confirmed.
   *
   * @throws {Problem} 403 for a limited program that changes sign-in, 409 for a program while a probation runs
   * @throws {z.ZodError} when it is not valid, or changes a field that the file or the environment sets
   */
  save(document: SystemConfig, changer: Changer): Promise<SystemConfig>
  /** The probation that runs, if one does. */
  probation(): Promise<Probation | undefined>
  /** Ends a probation well (`keep`) or at once. @returns false when that one is not running */
  endProbation(id: string, how: 'keep' | 'undo'): Promise<boolean>
  /** Called after a probation that nobody confirmed was rolled back, by the process that did it. */
  onRollback(listener: (probation: Probation) => void): void
  /**
   * Puts a changed file in force.
   *
   * @returns what that changed
   * @throws {StartProblem} when the settings do not validate with it; then the old file stays in force
   */
  takeFile(file: Layer): Changes
  readonly hasFile: boolean
}

type From = {
  store: SettingsStore
  clock: Clock
  logger: Logger
  environment: Layer
  file?: Layer | undefined
}

/** What was last read from the store, and what is in force since. */
type Known = StoredSettings & { text: string; value: SettingsInForce }

const onTrial = 'Sign-in settings are on probation; confirm or undo them first, or wait a minute'

const noFile: Layer = { document: {}, nameOf: () => '' }

/**
 * Settings from three sources, per field: environment over file over stored over the preset over the default.
 *
 * @throws {StartProblem} when the file or the environment does not validate: the server must not start on a guess
 */
export async function createSettings({
  store,
  clock,
  logger,
  environment,
  ...from
}: From): Promise<Settings> {
  let file = from.file ?? noFile
  let layers = createLayers({ environment, file })
  const listeners: ((probation: Probation) => void)[] = []
  let known = startingPoint(await store.read())

  /** What is stored counts only where it validates; what the operator wrote must validate. */
  function startingPoint(text: string): Known {
    try {
      const { stored, probation } = readStored(text)
      return { text, stored, probation, value: inForce(stored, layers) }
    } catch (error) {
      const value = withoutStored({ file, layers })
      logger.error(
        { err: error },
        'the stored settings are not valid with the file and the environment; they are left out',
      )
      return { text, stored: {}, probation: undefined, value }
    }
  }

  function withoutStored(sources: { file: Layer; layers: typeof layers }): SettingsInForce {
    try {
      return inForce({}, sources.layers)
    } catch (error) {
      if (error instanceof z.ZodError) throw new StartProblem(complain(error, { environment, ...sources }))
      throw error
    }
  }

  /** A change that nobody at a browser made shuts nobody out and holds at once. */
  function probationOf(changed: string[], changer: Changer): Probation | undefined {
    if (changer === 'limited-program') throw forbidden('Missing required permission: all')
    if (changer === 'program') {
      // It would keep what its author has yet to confirm.
      if (known.probation) throw new Problem(409, onTrial, { code: 'on_probation' })
      return undefined
    }
    return onProbation(known, { ...changer, changed, id: newId(), now: clock.now() })
  }

  async function current(): Promise<SettingsInForce> {
    const text = await store.read()
    if (text !== known.text) known = taken(text)
    const { probation } = known
    if (probation && Date.parse(probation.until) <= clock.now().getTime())
      await rollBackUnconfirmed(probation)
    return known.probation ? { ...known.value, onProbation: true } : known.value
  }

  /** Another process, or an older version, may have written anything. */
  function taken(text: string): Known {
    try {
      const { stored, probation } = readStored(text)
      return { text, stored, probation, value: inForce(stored, layers) }
    } catch (error) {
      // The last good settings stay in force; remembered for this text, so that it is said once.
      logger.error({ err: error }, 'the stored settings are not valid and were not put in force')
      return { ...known, text }
    }
  }

  async function rollBack(probation: Probation): Promise<boolean> {
    const text = writeStored({ stored: rolledBack(known.stored, probation), probation: undefined })
    const isOurs = await store.replace(known.text, text)
    // Somebody else was quicker, with this or with another change.
    known = taken(isOurs ? text : await store.read())
    return isOurs
  }

  async function rollBackUnconfirmed(probation: Probation): Promise<void> {
    if (!(await rollBack(probation))) return
    logger.warn(
      { changed: probation.changed },
      'nobody confirmed the new sign-in settings; the old ones are back',
    )
    for (const listener of listeners) listener(probation)
  }

  return {
    get hasFile() {
      return from.file !== undefined
    },
    current,
    onRollback: (listener) => void listeners.push(listener),

    async provenance() {
      await current()
      return layers.provenance(known.stored)
    },

    async save(document, changer) {
      const before = (await current()).config
      const stored = toStore(document, { now: before, layers })
      const value = inForce(stored, layers)
      const changed = signInChanges(before, value.config)
      const probation = changed.length === 0 ? known.probation : probationOf(changed, changer)
      const text = writeStored({ stored, probation })
      await store.write(text)
      known = { text, stored, probation, value }
      return value.config
    },

    async probation() {
      await current()
      return known.probation
    },

    async endProbation(id, how) {
      await current()
      const { probation, stored, text } = known
      if (probation?.id !== id) return false
      if (how === 'undo') return rollBack(probation)
      const kept = writeStored({ stored, probation: undefined })
      const isOurs = await store.replace(text, kept)
      if (isOurs) known = { ...known, text: kept, probation: undefined }
      return isOurs
    },

    takeFile(changed) {
      const next = createLayers({ environment, file: changed })
      const value = withStored(changed, next)
      file = changed
      layers = next
      const before = known.value.config
      known = { ...known, value }
      return changesBetween(before, value.config)
    },
  }

  function withStored(changed: Layer, next: typeof layers): SettingsInForce {
    try {
      return inForce(known.stored, next)
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      throw new StartProblem(complain(error, { environment, file: changed, layers: next }))
    }
  }
}

function inForce(stored: PlainObject, layers: { lay(stored: PlainObject): PlainObject }): SettingsInForce {
  const config = systemConfigSchema.parse(layers.lay(stored)) as SystemConfig
  return { config, policy: policyOf(config) }
}
