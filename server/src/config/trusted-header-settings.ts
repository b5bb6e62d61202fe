import { assertionAlgorithms, presetNames } from '@porchlight/trusted-header'
import { z } from 'zod'
import {
  headerName,
  hostList,
  keysAddress,
  line,
  networkList,
  optionalHeaderName,
  secretValues,
  signOutUrl,
} from './trusted-header-fields.ts'
import { checkTogether } from './trusted-header-rules.ts'

const fields = {
  enabled: z.boolean().describe('Sign people in by what the reverse proxy says'),
  networks: networkList.describe('Networks the proxy calls from; a header from anywhere else is ignored'),
  unixSocket: z.boolean().describe('Trust whoever calls through the unix socket that this server listens on'),
  preset: z.enum(presetNames).describe('The login service: fills the fields that nobody has set'),
  groupSeparator: z.string().min(1).max(8).describe('What stands between groups'),
  nameEncoding: z
    .enum(['utf-8', 'rfc2047', 'percent', 'base64', 'latin1'])
    .describe('How a name is written that is not plain ASCII'),
  autoRegister: z
    .boolean()
    .describe('Make an account for an unknown person whom the proxy vouches for (never an admin)'),
  linkExisting: z
    .enum(['email', 'never'])
    .describe(
      'Whether the header, or OpenID Connect, may open an account made in another way, by its e-mail address',
    ),
  adminGroup: line.describe(
    'Group whose members are admins, and nobody else; empty: admins are made by admins',
  ),
  memberGroup: line.describe('Group whose members alone may enter; empty: everybody the proxy vouches for'),
  syncProfile: z
    .array(z.enum(['name', 'picture', 'quota']))
    .transform((parts) => [...new Set(parts)])
    .describe('What follows the login service at each sign-in'),
  signOutUrl: signOutUrl.describe('Where signing out goes next; {return} stands for the page that follows'),
  onConflict: z
    .enum(['header', 'refuse'])
    .describe(
      'When a password session of one person meets the header of another: the header wins, or neither',
    ),
  allowedHosts: hostList.describe(
    'Hosts under which the proxy may vouch; empty: that of the external domain, or any where there is none',
  ),
}

const headers = {
  email: headerName.describe('Header that holds the e-mail address'),
  id: optionalHeaderName.describe(
    'Header with the login service’s own id of the person, which never changes',
  ),
  name: optionalHeaderName.describe('Header that holds the name'),
  groups: optionalHeaderName.describe('Header that holds the groups'),
  picture: optionalHeaderName.describe('Header with the address of a picture'),
  quota: optionalHeaderName.describe('Header that holds the quota'),
}

const secret = {
  header: headerName.describe('Header in which the proxy sends the shared secret'),
  values: secretValues.describe(
    'The shared secret, at least 32 characters; a second one while it is changed',
  ),
}

const claims = { email: line.min(1), id: line, name: line, groups: line, picture: line, quota: line }

const assertion = {
  header: optionalHeaderName.describe(
    'Header with a signed assertion; with it, no other identity header is read',
  ),
  jwksUrl: keysAddress.describe('Where the login service publishes its keys'),
  issuer: line,
  audience: line.describe('For whom assertions are made; several between blanks'),
  algorithms: z.array(z.enum(assertionAlgorithms)).transform((names) => [...new Set(names)]),
}

const backChannelLogout = {
  jwksUrl: keysAddress.describe('Where the keys are published with which the login service signs sign-outs'),
  issuer: line,
  audience: line,
}

/** Each field by itself. */
export const trustedHeaderFields = z.strictObject({
  ...fields,
  headers: z.strictObject(headers),
  secret: z.strictObject(secret),
  assertion: z.strictObject({ ...assertion, claims: z.strictObject(claims) }),
  backChannelLogout: z.strictObject(backChannelLogout),
})

/** Settings of sign-in by trusted header, as the file, the environment and the admin page give them. */
export const trustedHeaderSettings = trustedHeaderFields.superRefine(checkTogether)

/** The same in a request: what is missing stays as it is. How fields go together is looked at when it is whole. */
export const trustedHeaderChanges = trustedHeaderFields
  .extend({
    headers: z.strictObject(headers).partial(),
    secret: z.strictObject(secret).partial(),
    assertion: z.strictObject({ ...assertion, claims: z.strictObject(claims).partial() }).partial(),
    backChannelLogout: z.strictObject(backChannelLogout).partial(),
  })
  .partial()

/** The same section as an answer: plain, for nothing in it needs parsing any more. */
export const trustedHeaderResponse = z.object({
  ...texts('preset', 'groupSeparator', 'nameEncoding', 'linkExisting', 'adminGroup', 'memberGroup'),
  ...texts('signOutUrl', 'onConflict'),
  enabled: z.boolean(),
  networks: z.array(z.string()),
  unixSocket: z.boolean(),
  autoRegister: z.boolean(),
  syncProfile: z.array(z.string()),
  allowedHosts: z.array(z.string()),
  headers: z.object(texts('email', 'id', 'name', 'groups', 'picture', 'quota')),
  secret: z.object({ header: z.string(), values: z.array(z.string()) }),
  assertion: z.object({
    ...texts('header', 'jwksUrl', 'issuer', 'audience'),
    algorithms: z.array(z.string()),
    claims: z.object(texts('email', 'id', 'name', 'groups', 'picture', 'quota')),
  }),
  backChannelLogout: z.object(texts('jwksUrl', 'issuer', 'audience')),
})

function texts<const Name extends string>(...names: Name[]): Record<Name, z.ZodString> {
  return Object.fromEntries(names.map((name) => [name, z.string()])) as Record<Name, z.ZodString>
}

export type TrustedHeaderSettings = z.infer<typeof trustedHeaderFields>

export const trustedHeaderDefaults: TrustedHeaderSettings = {
  enabled: false,
  networks: [],
  unixSocket: false,
  preset: 'custom',
  headers: {
    email: 'remote-email',
    id: '',
    name: 'remote-name',
    groups: 'remote-groups',
    picture: '',
    quota: '',
  },
  groupSeparator: ',',
  nameEncoding: 'utf-8',
  secret: { header: 'porchlight-secret', values: [] },
  assertion: {
    header: '',
    jwksUrl: '',
    issuer: '',
    audience: '',
    algorithms: [],
    claims: { email: 'email', id: '', name: 'name', groups: 'groups', picture: '', quota: '' },
  },
  backChannelLogout: { jwksUrl: '', issuer: '', audience: '' },
  autoRegister: true,
  linkExisting: 'email',
  adminGroup: '',
  memberGroup: '',
  syncProfile: ['name'],
  signOutUrl: '',
  onConflict: 'header',
  allowedHosts: [],
}
