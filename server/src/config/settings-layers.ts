import { deepMerge, leavesOf, same, type PlainObject } from '../platform/deep-merge.ts'
import { systemConfigBase, systemConfigDefaults } from './system-config.ts'

/**
 * One source of settings. `nameOf` names the variable or file that an operator would change for a field, also for one
 * that the source does not set; empty where there is none.
 */
export type Layer = {
  document: PlainObject
  nameOf(path: string): string
  /** The line of a field in a file. */
  lineOf?: ((path: string) => number | undefined) | undefined
}

/** Where a field's value comes from; `name` is the variable or file that an operator would change. */
export type Provenance = {
  source: 'environment' | 'file' | 'stored' | 'preset' | 'default'
  name?: string
}

export type Layers = ReturnType<typeof createLayers>

/** The sources laid over each other, per field: environment over file over stored over preset over default. */
export function createLayers({ environment, file }: { environment: Layer; file: Layer }) {
  const fixed = { environment: leavesOf(environment.document), file: leavesOf(file.document) }

  const over = (base: PlainObject, stored: PlainObject) =>
    deepMerge(deepMerge(deepMerge(base, stored), file.document), environment.document)
  const presetOf = (stored: PlainObject) => leavesOf(over({}, stored)).get('trustedHeader.preset')

  /** Where a field that the admin page cannot change is set. */
  function fixedBy(path: string): Provenance | undefined {
    if (fixed.environment.has(path)) return { source: 'environment', name: environment.nameOf(path) }
    return fixed.file.has(path) ? { source: 'file', name: file.nameOf(path) } : undefined
  }

  function provenance(stored: PlainObject): Record<string, Provenance> {
    const held = leavesOf(stored)
    const base = leavesOf(systemConfigBase(presetOf(stored)))
    const free = (path: string): Provenance => {
      if (held.has(path)) return { source: 'stored' }
      return { source: same(base.get(path), defaults.get(path)) ? 'default' : 'preset' }
    }
    return Object.fromEntries([...defaults.keys()].map((path) => [path, fixedBy(path) ?? free(path)]))
  }

  return {
    /** The whole document, not yet validated. */
    lay: (stored: PlainObject): PlainObject => over(systemConfigBase(presetOf(stored)), stored),
    /** The admin page cannot change it. */
    isFixed: (path: string) => fixedBy(path) !== undefined,
    fixedBy,
    provenance,

    /** The field that the environment sets and that is wrong, or that asks for another one of its section. */
    variableBehind(path: readonly string[]): string | undefined {
      for (let length = path.length; length > 0; length--) {
        const setting = path.slice(0, length).join('.')
        if (fixed.environment.has(setting)) return setting
        if (fixed.file.has(setting)) return undefined
      }
      return [...fixed.environment.keys()].find((field) => field.startsWith(`${path[0]}.`))
    },
  }
}

const defaults = leavesOf(systemConfigDefaults)
