import { readFile } from 'node:fs/promises'
import { parseEmail } from '@porchlight/trusted-header'
import { StartProblem, type Environment } from '../platform/environment.ts'
import { documentOf, type PlainObject } from '../platform/deep-merge.ts'

/** Which variable sets which field; also for messages about a field that is not set. */
const variables = {
  'trustedHeader.enabled': 'PORCHLIGHT_TRUSTED_HEADER',
  'trustedHeader.networks': 'PORCHLIGHT_TRUSTED_NETWORKS',
  'trustedHeader.preset': 'PORCHLIGHT_TRUSTED_HEADER_PRESET',
  'trustedHeader.secret.values': 'PORCHLIGHT_TRUSTED_HEADER_SECRET',
} as const
type Field = keyof typeof variables

/**
 * The part of the settings that the environment sets, and which variable sets what.
 *
 * @throws {StartProblem} when a file that a variable names cannot be read
 */
export async function environmentSettings({ values, writtenAs }: Environment): Promise<{
  document: PlainObject
  nameOf(field: string): string
}> {
  const fields = new Map<string, unknown>()
  const names = new Map<string, string>(Object.entries(variables))
  const set = (
    field: Field,
    value: unknown,
    variable: Parameters<typeof writtenAs>[0] = variables[field],
  ) => {
    fields.set(field, value)
    names.set(field, writtenAs(variable))
  }

  const networks = values.PORCHLIGHT_TRUSTED_NETWORKS?.trim()
  if (networks) {
    set('trustedHeader.networks', networks)
    set('trustedHeader.enabled', true, 'PORCHLIGHT_TRUSTED_NETWORKS')
  }
  const { PORCHLIGHT_TRUSTED_HEADER: enabled, PORCHLIGHT_TRUSTED_HEADER_PRESET: preset } = values
  if (enabled !== undefined) set('trustedHeader.enabled', enabled === 'true')
  if (preset !== undefined) set('trustedHeader.preset', preset)

  const { PORCHLIGHT_TRUSTED_HEADER_SECRET: secret, PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: file } = values
  if (secret !== undefined && file !== undefined) {
    const both = 'PORCHLIGHT_TRUSTED_HEADER_SECRET and PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE'
    throw new StartProblem(`${both} are both set: keep one of them`)
  }
  if (secret !== undefined) set('trustedHeader.secret.values', secret)
  if (file !== undefined)
    set('trustedHeader.secret.values', await secretIn(file), 'PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE')

  return { document: documentOf(fields), nameOf: (field) => names.get(field) ?? '' }
}

async function secretIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StartProblem(`PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: ${file} cannot be read: ${error.message}`)
  })
  // An empty file is a secret that failed to be written, not the wish to have none.
  if (text.trim() === '') throw new StartProblem(`PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE: ${file} is empty`)
  return text
}

/**
 * The person who becomes the first admin when the proxy vouches for her on an empty install.
 *
 * @throws {StartProblem} for what is no e-mail address
 */
export function adminEmailIn({ values }: Environment): string | undefined {
  const text = values.PORCHLIGHT_ADMIN_EMAIL
  if (text === undefined) return undefined
  const email = parseEmail(text)
  if (email === undefined)
    throw new StartProblem(`PORCHLIGHT_ADMIN_EMAIL=${JSON.stringify(text)} is no e-mail address`)
  return email
}
