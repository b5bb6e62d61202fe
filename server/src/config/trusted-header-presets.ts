import type { PlainObject } from '../platform/deep-merge.ts'

/** What a preset puts into the fields of the section, by their names; nothing for a name that is no preset. */
export function presetFields(_name: unknown): PlainObject {
  return {}
}
