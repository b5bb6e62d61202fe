import { z } from 'zod'

/** How long sessions last. */
export const sessionSettings = z.strictObject({
  idleDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .describe('After how many days a device that nobody uses is signed out'),
  absoluteDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .describe('After how many days every device has to sign in anew; 0: never, as long as it is used'),
})

export type SessionSettings = z.infer<typeof sessionSettings>

export const sessionDefaults: SessionSettings = { idleDays: 90, absoluteDays: 0 }
