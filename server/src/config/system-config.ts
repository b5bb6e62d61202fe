import { z } from 'zod'
import { auditDefaults, auditSettings, type AuditSettings } from './audit-settings.ts'
import { deepMerge, isPlainObject, type PlainObject } from '../platform/deep-merge.ts'
import { sessionDefaults, sessionSettings, type SessionSettings } from './session-settings.ts'
import immichSections from './immich-sections.json' with { type: 'json' }
import { oauthFields, oauthSettings, type OauthSettings } from './oauth-settings.ts'
import { presetFields } from './trusted-header-presets.ts'
import {
  trustedHeaderChanges,
  trustedHeaderDefaults,
  trustedHeaderFields,
  trustedHeaderResponse,
  trustedHeaderSettings,
  type TrustedHeaderSettings,
} from './trusted-header-settings.ts'

/**
 * The whole settings document: the sections that Immich's clients read and write back whole (most of them do nothing
 * here yet), and our own beside them.
 */
export type SystemConfig = Omit<typeof immichSections, 'oauth'> & {
  oauth: OauthSettings
  trustedHeader: TrustedHeaderSettings
  audit: AuditSettings
  sessions: SessionSettings
}

export const systemConfigDefaults: SystemConfig = {
  ...immichSections,
  oauth: oauthFields.parse(immichSections.oauth),
  trustedHeader: trustedHeaderDefaults,
  audit: auditDefaults,
  sessions: sessionDefaults,
}

export const systemConfigResponse = objectLike(immichSections)
  .extend({ trustedHeader: trustedHeaderResponse, audit: auditSettings, sessions: sessionSettings })
  .meta({ id: 'SystemConfigResponseDto' })

/** A name without its scheme would pass for an address, and no host would ever be compared with it. */
const externalDomain = z.string().refine((text) => text === '' || isWebOrigin(text), {
  error: 'Must be empty or begin with https:// or http://, like https://photos.example.com',
})

const serverFields = objectLike(immichSections.server).extend({ externalDomain })

function isWebOrigin(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+(\/|$)/.test(text) && URL.canParse(text)
}

/** Unknown keys are dropped, missing ones refused; of our own sections everything may be missing: then it stays as it is. */
export const systemConfigBody = z
  .object({
    ...objectLike(immichSections).shape,
    server: serverFields,
    oauth: oauthFields,
    trustedHeader: trustedHeaderChanges.optional(),
    audit: auditSettings.optional(),
    sessions: sessionSettings.optional(),
  })
  .meta({ id: 'SystemConfigDto' })

/** The document field by field; how fields go together is looked at by `systemConfigSchema`. */
export const systemConfigFields = systemConfigBody.extend({
  trustedHeader: trustedHeaderFields,
  audit: auditSettings,
  sessions: sessionSettings,
})

export const systemConfigSchema = systemConfigBody.extend({
  oauth: oauthSettings,
  trustedHeader: trustedHeaderSettings,
  audit: auditSettings,
  sessions: sessionSettings,
})

/** What holds where nobody has set anything: the defaults, and over them what the login service's preset says. */
export const systemConfigBase = (preset: unknown): PlainObject =>
  deepMerge(systemConfigDefaults, { trustedHeader: presetFields(preset) })

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
