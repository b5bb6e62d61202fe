import { deepMerge, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
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

  function provenanceOf(path: string, stored: PlainObject): Provenance {
    if (fixed.environment.has(path)) return { source: 'environment', name: environment.nameOf(path) }
    if (fixed.file.has(path)) return { source: 'file', name: file.nameOf(path) }
    if (leavesOf(stored).has(path)) return { source: 'stored' }
    return { source: isOfPreset(path, presetOf(stored)) ? 'preset' : 'default' }
  }

  return {
    /** The whole document, not yet validated. */
    lay: (stored: PlainObject): PlainObject => over(systemConfigBase(presetOf(stored)), stored),
    /** The admin page cannot change it. */
    isFixed: (path: string) => fixed.environment.has(path) || fixed.file.has(path),
    provenanceOf,
    provenance: (stored: PlainObject): Record<string, Provenance> =>
      Object.fromEntries([...defaults.keys()].map((path) => [path, provenanceOf(path, stored)])),

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

const isOfPreset = (path: string, preset: unknown) =>
  JSON.stringify(leavesOf(systemConfigBase(preset)).get(path)) !== JSON.stringify(defaults.get(path))
