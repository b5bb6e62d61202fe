import { z } from 'zod'
import { deepMerge, documentOf, leavesOf, same, type PlainObject } from '../platform/deep-merge.ts'
import type { Layers } from './settings-layers.ts'
import { systemConfigBase, systemConfigFields, type SystemConfig } from './system-config.ts'

/**
 * What has to be stored so that a whole document, as the admin page sends it, is in force: what no higher source sets,
 * and what differs from what would hold anyway.
 *
 * @throws {z.ZodError} when a field is not valid, or the file or the environment sets it to something else
 */
export function toStore(
  document: SystemConfig,
  { now, layers }: { now: SystemConfig; layers: Layers },
): PlainObject {
  const wanted = followPreset(systemConfigFields.parse(document) as SystemConfig, now)
  const held = leavesOf(now)
  const leaves = [...leavesOf(wanted)]
  const locked = leaves.filter(([path, value]) => layers.isFixed(path) && !same(value, held.get(path)))
  if (locked.length > 0) throw new z.ZodError(locked.map(([path]) => lockedIssue(path, layers)))

  const base = leavesOf(systemConfigBase(wanted.trustedHeader.preset))
  return documentOf(leaves.filter(([path, value]) => !layers.isFixed(path) && !same(value, base.get(path))))
}

function lockedIssue(path: string, layers: Layers): z.core.$ZodIssue {
  const { name } = layers.fixedBy(path) ?? {}
  return {
    code: 'custom',
    path: path.split('.'),
    message: `Set by ${name}; change it there`,
    input: undefined,
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
