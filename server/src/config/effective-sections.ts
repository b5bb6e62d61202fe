import { z } from 'zod'
import { auditSettings } from './audit-settings.ts'
import { sessionSettings } from './session-settings.ts'
import immichSections from './immich-sections.json' with { type: 'json' }
import { oauthSettings } from './oauth-settings.ts'
import { trustedHeaderSettings } from './trusted-header-settings.ts'

/**
 * The settings that do something today, section by section, in the order in which people look for them. Immich's
 * documents hold many more, which pass through; a form for those would promise what does not happen.
 */
export const effectiveSections: Record<string, z.ZodType> = {
  trustedHeader: trustedHeaderSettings,
  oauth: oauthSettings,
  passwordLogin: z.object({
    enabled: z.boolean().describe('Let people sign in with e-mail address and password'),
  }),
  server: z.object({
    externalDomain: z
      .string()
      .describe('Address under which people open this library, such as https://photos.example.com'),
    loginPageMessage: z.string().describe('Text that is shown above the sign-in form'),
    publicUsers: z.boolean().describe('Let members see the names of all others'),
  }),
  theme: z.object({ customCss: z.string().describe('Style sheet that is laid over the web pages') }),
  trash: z.object({
    enabled: z
      .boolean()
      .describe('Put what is deleted into the trash first; without it, deleted is gone at once'),
  }),
  sessions: sessionSettings,
  audit: auditSettings,
}

/** The sections that clients read and write back, and that nothing here looks at. */
export const passingSections: readonly string[] = Object.keys(immichSections).filter(
  (key) => !Object.hasOwn(effectiveSections, key),
)
