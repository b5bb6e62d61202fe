import { z } from 'zod'
import { isPlainObject, type PlainObject } from '../platform/deep-merge.ts'
import immichSections from './immich-sections.json' with { type: 'json' }
import {
  trustedHeaderDefaults,
  trustedHeaderResponse,
  trustedHeaderSettings,
  type TrustedHeaderSettings,
} from './trusted-header-settings.ts'

/**
 * The whole settings document: the sections that Immich's clients read and write back whole (most of them do nothing
 * here yet), and our own beside them.
 */
export type SystemConfig = typeof immichSections & { trustedHeader: TrustedHeaderSettings }

export const systemConfigDefaults: SystemConfig = { ...immichSections, trustedHeader: trustedHeaderDefaults }

export const systemConfigResponse = objectLike(immichSections)
  .extend({ trustedHeader: trustedHeaderResponse })
  .meta({ id: 'SystemConfigResponseDto' })

/** Unknown keys are dropped, missing ones refused; our own section may be missing: then it stays as it is. */
export const systemConfigBody = z
  .object({ ...objectLike(immichSections).shape, trustedHeader: trustedHeaderSettings.optional() })
  .meta({ id: 'SystemConfigDto' })

export const systemConfigSchema = systemConfigBody.required({ trustedHeader: true })

function objectLike(example: PlainObject): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(example).map(([key, value]) => [key, schemaLike(value)])))
}

/** A schema for values of the same kind as the default: enough for settings that only pass through. */
function schemaLike(example: unknown): z.ZodType {
  if (isPlainObject(example)) return objectLike(example)
  if (Array.isArray(example)) return z.array(z.union([z.string(), z.number()]))
  if (typeof example === 'boolean') return z.boolean()
  if (typeof example === 'number') return z.number()
  if (typeof example === 'string') return z.string()
  return z.union([z.number(), z.string(), z.null()])
}
