import { assertionAlgorithms, parseKeySource } from '@porchlight/trusted-header'
import { z } from 'zod'
import { plainText } from '../platform/plain-text.ts'

const line = plainText(1024).trim()

/** Where the issuer describes itself. By http only on this machine and its own network, as for keys. */
const issuerUrl = line.superRefine((text, context) => {
  const parsed = text === '' ? undefined : parseKeySource(text)
  if (parsed && ('problem' in parsed || !('jwksUrl' in parsed.keys)))
    context.addIssue('problem' in parsed ? parsed.problem : 'It is not the address of an issuer')
})

const webAddress = line.refine(
  (text) => text === '' || (/^https?:\/\/[^/?#]/.test(text) && URL.canParse(text)),
  {
    error: 'Must be empty or begin with https:// or http://',
  },
)

/** Where a phone's app waits: a page that hands on to it, or a scheme of its own. Never one that runs in the browser. */
const appAddress = line.refine(
  (text) =>
    text === '' ||
    (/^[a-z][a-z\d+.-]*:\/\/?[^\s]+$/i.test(text) &&
      URL.canParse(text) &&
      !/^(?:javascript|data|vbscript|blob|file|about):/i.test(text)),
  { error: 'Must be empty or an address such as https://photos.example.com/api/oauth/mobile-redirect' },
)

/** Immich's section, field by field, with what each must look like. Immich's clients send it whole. */
export const oauthFields = z.object({
  enabled: z.boolean().describe('Let people sign in by OpenID Connect'),
  issuerUrl: issuerUrl.describe('Address of the issuer, with or without /.well-known/openid-configuration'),
  clientId: line.describe('Name under which the issuer knows this library'),
  clientSecret: plainText(1024).describe('What the issuer gave with it; empty for a public client'),
  tokenEndpointAuthMethod: z
    .enum(['client_secret_post', 'client_secret_basic'])
    .describe('How the client secret is sent'),
  scope: line
    .refine((text) => text.split(/\s+/).includes('openid'), { error: 'Must hold the word openid' })
    .describe('What the issuer is asked for'),
  prompt: line.describe('What the issuer should ask of people, such as select_account; empty: as it likes'),
  signingAlgorithm: z.enum(assertionAlgorithms).describe('How the issuer signs ID tokens'),
  profileSigningAlgorithm: z
    .enum(['none', ...assertionAlgorithms])
    .describe('How it signs the profile, if it does'),
  timeout: z.number().int().min(1).max(60_000).describe('Longest wait for the issuer, in milliseconds'),
  allowInsecureRequests: z
    .boolean()
    .describe('Let the issuer be asked by http://, on this machine and its own network only'),
  buttonText: plainText(256).describe('What the button on the sign-in page says'),
  autoLaunch: z.boolean().describe('Go to the issuer at once instead of showing the sign-in page'),
  autoRegister: z.boolean().describe('Make an account for a newcomer whom the issuer lets in'),
  roleClaim: line.describe('Claim that says admin or user; obeyed at each sign-in where it is sent'),
  storageLabelClaim: line.describe('Claim with the storage label of a new account'),
  storageQuotaClaim: line.describe('Claim with the quota of a new account, in GiB'),
  defaultStorageQuota: z
    .number()
    .min(0)
    .nullable()
    .describe('Quota of a new account where no claim says it, in GiB; empty: no limit'),
  endSessionEndpoint: webAddress.describe(
    'Where signing out goes on; empty: where the issuer says it should',
  ),
  mobileOverrideEnabled: z.boolean().describe('Bring phones back by another address than the app’s own'),
  mobileRedirectUri: appAddress.describe(
    'That address, such as https://photos.example.com/api/oauth/mobile-redirect',
  ),
})

export type OauthSettings = z.infer<typeof oauthFields>

/** The section whole: what goes together, goes together. */
export const oauthSettings = oauthFields.superRefine((oauth, context) => {
  const complain = (path: keyof OauthSettings, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  const isPlain = oauth.issuerUrl.startsWith('http:')
  if (oauth.enabled && isPlain && !oauth.allowInsecureRequests)
    complain('issuerUrl', 'An http:// address needs “allowInsecureRequests”')
  if (oauth.enabled && oauth.issuerUrl === '') complain('issuerUrl', 'An issuer is required')
  if (oauth.enabled && oauth.clientId === '') complain('clientId', 'A client id is required')
  if (oauth.mobileOverrideEnabled && oauth.mobileRedirectUri === '')
    complain('mobileRedirectUri', 'An address is required')
})
