import { z } from 'zod'
import {
  describeNetworkProblem,
  explainHeaderName,
  parseHeaderName,
  parseNetworks,
  type Policy,
} from '@porchlight/trusted-header'

/** More complaints than this help nobody, and a list of a million bad entries is an answer of a gigabyte. */
const mostComplaints = 20

/** Text or list; `10.3.3.0/24, fd00:3::/32` is what the environment and most people write. Kept in canonical form. */
const networkList = z.union([z.string(), z.array(z.string())]).transform((value, context) => {
  const parsed = parseNetworks(value)
  if ('networks' in parsed) return [...parsed.networks.entries]
  for (const problem of parsed.problems.slice(0, mostComplaints)) {
    // A text has no places.
    const path = typeof value === 'string' ? [] : [problem.index]
    context.addIssue({ code: 'custom', path, message: describeNetworkProblem(problem) })
  }
  return z.NEVER
})

const headerName = z.string().transform((text, context) => {
  const name = parseHeaderName(text)
  if (name !== undefined) return name
  context.addIssue({ code: 'custom', message: explainHeaderName(text) ?? 'Not a header name' })
  return z.NEVER
})

const signOutUrl = z
  .string()
  .refine(
    (text) => text === '' || /^https?:\/\/[^\s]+$/.test(text),
    'Must be empty or begin with https:// or http://',
  )

/** Settings of sign-in by trusted header, as the file, the environment and the admin page give them. */
export const trustedHeaderSettings = z
  .strictObject({
    enabled: z.boolean().describe('Sign people in by a header that the reverse proxy sets'),
    networks: networkList.describe('Networks the proxy calls from; a header from anywhere else is ignored'),
    headers: z.strictObject({ email: headerName.describe('Header that holds the e-mail address') }),
    autoRegister: z
      .boolean()
      .describe('Make an account for an unknown person whom the proxy vouches for (never an admin)'),
    linkExisting: z
      .enum(['email', 'never'])
      .describe('Whether the header may open an account that was made in another way, by its e-mail address'),
    onConflict: z
      .enum(['header', 'refuse'])
      .describe(
        'When a password session of one person meets the header of another: the header wins, or neither',
      ),
    signOutUrl: signOutUrl.describe('Where signing out goes next; {return} stands for the page that follows'),
  })
  .superRefine(({ enabled, networks }, context) => {
    if (enabled && networks.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['networks'],
        message: 'Name at least one network before turning this on',
      })
    }
  })

/** The same section as an answer: plain, for nothing in it needs parsing any more. */
export const trustedHeaderResponse = z.object({
  enabled: z.boolean(),
  networks: z.array(z.string()),
  headers: z.object({ email: z.string() }),
  autoRegister: z.boolean(),
  linkExisting: z.string(),
  onConflict: z.string(),
  signOutUrl: z.string(),
})

export type TrustedHeaderSettings = z.infer<typeof trustedHeaderSettings>

export const trustedHeaderDefaults: TrustedHeaderSettings = {
  enabled: false,
  networks: [],
  headers: { email: 'remote-email' },
  autoRegister: true,
  linkExisting: 'email',
  onConflict: 'header',
  signOutUrl: '',
}

/** What the engine needs of the settings. */
export function policyOf(settings: TrustedHeaderSettings): Policy {
  const parsed = parseNetworks(settings.networks)
  if ('problems' in parsed) throw new Error('settings were used that did not validate')
  return { enabled: settings.enabled, networks: parsed.networks, headers: settings.headers }
}
