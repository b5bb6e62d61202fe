import { z } from 'zod'
import { parseListenAddress, type ListenAddress } from './listen-address.ts'

/** Immich's names for the same things, so that an existing compose file keeps working. */
const aliases: Record<string, string> = {
  IMMICH_HOST: 'PORCHLIGHT_HOST',
  IMMICH_PORT: 'PORCHLIGHT_PORT',
  IMMICH_MEDIA_LOCATION: 'PORCHLIGHT_DATA_DIR',
  IMMICH_CONFIG_FILE: 'PORCHLIGHT_CONFIG_FILE',
  IMMICH_TRUSTED_REMOTE_NETWORKS: 'PORCHLIGHT_TRUSTED_NETWORKS',
}

const notAPort = 'must be a whole number from 0 to 65535'

const schema = z.strictObject({
  PORCHLIGHT_HOST: z.string().min(1).optional().describe('Address to listen on; all addresses when not set'),
  PORCHLIGHT_PORT: z
    .string()
    .regex(/^\d{1,5}$/, notAPort)
    .transform(Number)
    .refine((port) => port <= 65_535, notAPort)
    .default(2283)
    .describe('Port to listen on; 0 for any free one'),
  PORCHLIGHT_LISTEN: z
    .string()
    .transform(listenAddresses)
    .optional()
    .describe(
      'Addresses to listen on in place of the two above, e.g. 127.0.0.1:2283, unix:/run/porchlight/http.sock',
    ),
  PORCHLIGHT_DATA_DIR: z.string().min(1).default('data').describe('Folder for everything that must survive'),
  PORCHLIGHT_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL database; an SQLite file in the data folder when not set'),
  PORCHLIGHT_CONFIG_FILE: z.string().min(1).optional().describe('YAML or JSON file with settings'),
  PORCHLIGHT_TRUSTED_HEADER: z
    .enum(['true', 'false'])
    .optional()
    .describe('Turns sign-in by trusted header on or off'),
  PORCHLIGHT_TRUSTED_NETWORKS: z
    .string()
    .optional()
    .describe('Networks the proxy calls from, e.g. 10.3.3.0/24, fd00:3::/32; also turns the feature on'),
  PORCHLIGHT_TRUSTED_HEADER_PRESET: z.string().optional().describe('The login service, e.g. authelia'),
  PORCHLIGHT_TRUSTED_HEADER_SECRET: z
    .string()
    .optional()
    .describe('The secret that the proxy adds to each request; two while it is changed'),
  PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: z.string().min(1).optional().describe('File that holds that secret'),
  PORCHLIGHT_ADMIN_EMAIL: z
    .string()
    .optional()
    .describe('Who becomes the first admin when the proxy vouches for that address'),
  PORCHLIGHT_WEB_DIR: z.string().min(1).optional().describe('Folder of the built web client'),
  PORCHLIGHT_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged'),
  PORCHLIGHT_METRICS_LISTEN: z
    .string()
    .transform((text, context) => {
      const address = parseListenAddress(text)
      if (address) return address
      context.addIssue('must be like 127.0.0.1:9464, [::1]:9464 or unix:/run/porchlight-metrics.sock')
      return z.NEVER
    })
    .optional()
    .describe('Where Prometheus finds /metrics, e.g. 127.0.0.1:9464 or unix:/path; off when not set'),
  PORCHLIGHT_FFMPEG_PATH: z.string().min(1).default('ffmpeg').describe('The ffmpeg program'),
  PORCHLIGHT_FFPROBE_PATH: z.string().min(1).default('ffprobe').describe('The ffprobe program'),
})

function listenAddresses(text: string, context: z.RefinementCtx): ListenAddress[] {
  const addresses = text.split(',').map((one) => parseListenAddress(one.trim()))
  const good = addresses.filter((address) => address !== undefined)
  if (good.length < addresses.length)
    context.addIssue(
      'must be addresses like 127.0.0.1:2283, [::1]:2283 or unix:/run/porchlight.sock, with commas between',
    )
  return good
}

export type Environment = {
  values: z.infer<typeof schema>
  /** The name the operator used for one of ours, for messages. */
  writtenAs(name: keyof z.infer<typeof schema>): string
}

/** An operator's mistake found at start. Its message is one line that names the setting, the entry and the reason. */
export class StartProblem extends Error {
  override name = 'StartProblem'
}

/**
 * Reads `PORCHLIGHT_*` (and Immich's aliases) once, at start.
 *
 * @throws {StartProblem} for a bad value, an unknown `PORCHLIGHT_*` name, or an alias that contradicts our name
 */
export function parseEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const own: Record<string, string> = {}
  const used = new Map<string, string>()
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith('PORCHLIGHT_') && value !== undefined) own[name] = value
  }
  for (const [alias, name] of Object.entries(aliases)) {
    const value = variables[alias]
    if (value === undefined) continue
    if (own[name] !== undefined && own[name] !== value) {
      throw new StartProblem(`${alias} and ${name} are both set and differ: keep one of them`)
    }
    if (own[name] === undefined) used.set(name, alias)
    own[name] = value
  }
  const writtenAs = (name: string) => used.get(name) ?? name
  const parsed = schema.safeParse(own)
  if (!parsed.success) throw new StartProblem(explain(parsed.error, own, writtenAs))
  return { values: parsed.data, writtenAs }
}

function explain(
  error: z.ZodError,
  values: Record<string, string>,
  writtenAs: (name: string) => string,
): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    return `${issue.keys.join(', ')} is not a setting of Porchlight; known ones: ${Object.keys(schema.shape).join(', ')}`
  }
  const name = String(issue?.path[0])
  // The address of a database holds its password, and this line ends up in logs.
  const shown = name === 'PORCHLIGHT_DATABASE_URL' ? '' : `=${JSON.stringify(values[name])}`
  return `${writtenAs(name)}${shown} is not valid: ${issue?.message}`
}
