import { z } from 'zod'
import {
  describeNetworkProblem,
  explainHeaderName,
  explainSecret,
  parseHeaderName,
  parseKeySource,
  parseNetworks,
  secretDigest,
} from '@porchlight/trusted-header'
import { plainText } from '../platform/plain-text.ts'

/** More complaints than this help nobody, and a list of a million bad entries is an answer of a gigabyte. */
const mostComplaints = 20

/** Text or list; `10.3.3.0/24, fd00:3::/32` is what the environment and most people write. Kept in canonical form. */
export const networkList = z.union([z.string(), z.array(z.string())]).transform((value, context) => {
  const parsed = parseNetworks(value)
  if ('networks' in parsed) return [...parsed.networks.entries]
  for (const problem of parsed.problems.slice(0, mostComplaints)) {
    // A text has no places.
    const path = typeof value === 'string' ? [] : [problem.index]
    context.addIssue({ code: 'custom', path, message: describeNetworkProblem(problem) })
  }
  return z.NEVER
})

const nameOfHeader = (text: string, context: z.RefinementCtx): string => {
  const name = parseHeaderName(text)
  if (name !== undefined) return name
  context.addIssue(explainHeaderName(text) ?? 'Not a header name')
  return z.NEVER
}

export const headerName = z.string().transform(nameOfHeader)

/** Empty: that header is not read. */
export const optionalHeaderName = z
  .string()
  .transform((text, context) => (text === '' ? '' : nameOfHeader(text, context)))

/** Words between blanks or commas, or a list. */
const words = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().flatMap((text) => text.split(/[\s,]+/).filter((word) => word !== '')))

/** Values of the shared secret: as they are or as `sha256:<hex>`; only the latter is kept, and ever answered. */
export const secretValues = words.transform((values, context) => {
  if (values.length > 2) {
    context.addIssue('There are at most two values: the one in force, and the next')
    return z.NEVER
  }
  return values.map((value, index) => {
    const digest = secretDigest(value)
    if (digest !== undefined) return digest
    context.addIssue({ code: 'custom', path: [index], message: explainSecret(value) ?? 'Not a secret' })
    return ''
  })
})

/** The page that follows a sign-out here: the login service's own, or a path of this host. `{return}` is the only blank. */
export const signOutUrl = z.string().max(2048).refine(isSignOutUrl, {
  error:
    'Must be empty, begin with https:// or http://, or be a path like /oauth2/sign_out; of braces it may hold {return}',
})

function isSignOutUrl(text: string): boolean {
  const plain = text.replaceAll('{return}', '')
  if (text === '') return true
  if (/[\s\\{}]|[^\x21-\x7e]/.test(plain)) return false
  if (/^\/(?!\/)/.test(plain)) return true
  return /^https?:\/\/[^/?#]/.test(plain) && URL.canParse(plain)
}

/** Where keys are published: an address, or a file of this machine. */
export const keysAddress = z
  .string()
  .max(2048)
  .superRefine((text, context) => {
    const parsed = text === '' ? undefined : parseKeySource(text)
    if (parsed && 'problem' in parsed) context.addIssue(parsed.problem)
  })

export const line = plainText(256).trim()

/** Host names, with or without a port, in lower case as browsers send them. */
export const hostList = words.transform((hosts, context) => {
  const canonical = hosts.slice(0, 100).map((text, index) => {
    const host = canonicalHost(text)
    const message = 'A host is a name or an address, with or without a port, like photos.example.com'
    if (host === undefined) context.addIssue({ code: 'custom', path: [index], message })
    return host ?? ''
  })
  return [...new Set(canonical)]
})

function canonicalHost(text: string): string | undefined {
  const [, name = '', port = ''] = /^(\[[\da-fA-F:.]+\]|[^\s:/@?#\\[\]%*]+)((?::\d{1,5})?)$/.exec(text) ?? []
  if (name === '' || !URL.canParse(`http://${name}`)) return undefined
  return new URL(`http://${name}`).hostname + port
}
