import { z } from 'zod'

/** Settings of the audit trail. */
export const auditSettings = z.strictObject({
  keepDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .describe('How many days the list of sign-ins, refusals and changed settings is kept'),
})

export type AuditSettings = z.infer<typeof auditSettings>

export const auditDefaults: AuditSettings = { keepDays: 90 }
