import type { ClaimNames, HeaderNames, NameEncoding } from './policy.ts'

/** In the order in which an admin is offered them. */
export const presetNames = [
  'custom',
  'authelia',
  'authentik',
  'authentik-jwt',
  'oauth2-proxy',
  'oauth2-proxy-upstream',
  'lemonldap',
  'rauthy',
  'mod_auth_openidc',
  'tailscale',
  'cloudflare-access',
  'google-iap',
  'aws-alb',
  'pomerium',
  'teleport',
] as const

export type PresetName = (typeof presetNames)[number]

/** What a login service sends as it comes out of the box. Every field but the hints can be used as it is. */
export type Preset = {
  readonly name: PresetName
  /** For people. */
  readonly title: string
  /** Whether it vouches by plain headers or by a signed assertion. */
  readonly kind: 'headers' | 'assertion'
  /** With an assertion, the unsigned headers beside it: they are not read while the assertion is. */
  readonly headers: HeaderNames
  readonly groupSeparator: string
  readonly nameEncoding: NameEncoding
  readonly assertion?: AssertionPreset
  /** Empty where it depends on the household; `{return}` stands for the page that follows. */
  readonly signOutUrl: string
  readonly hints: PresetHints
  /** Where the login service documents all this. */
  readonly source: string
}

export type AssertionPreset = {
  readonly header: string
  /** Empty where it depends on the household; else for `parseKeySource`. */
  readonly jwksUrl: string
  readonly issuer: string
  readonly algorithms: readonly string[]
  readonly claims: ClaimNames
}

/** How the fields look that an admin has to fill in; what is in `{braces}` is for them to replace, but for `{kid}`. */
export type PresetHints = {
  readonly signOutUrl?: string
  readonly jwksUrl?: string
  readonly issuer?: string
  readonly audience?: string
}
