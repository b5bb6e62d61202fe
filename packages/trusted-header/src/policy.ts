import type { Networks } from './networks.ts'

/** How a display name is written where it is not plain UTF-8. */
export type NameEncoding = 'utf-8' | 'rfc2047' | 'percent' | 'base64' | 'latin1'

/** A secret that the proxy adds to each request, made by `parseSecret`. */
export type SecretProof = {
  readonly header: string
  /** SHA-256 in hexadecimal of the one or two values that are live. */
  readonly digests: readonly string[]
}

/** Which claim of an assertion says what. */
export type ClaimNames = {
  readonly email: string
  readonly id?: string
  readonly name?: string
  readonly groups?: string
  readonly picture?: string
  readonly quota?: string
}

/** Which header says what. */
export type HeaderNames = ClaimNames

/**
 * What the admin wants. Networks come from `parseNetworks`, header names from `parseHeaderName`, the secret from
 * `parseSecret`. A policy is a value: to change it, make another one.
 *
 * `networks` and `unixSocket` say who the proxy is, and either is enough; where neither is configured, any peer will do.
 * `secret` and `assertion`, where configured, must hold as well. With none of the four there is nobody to believe.
 */
export type Policy = {
  readonly enabled: boolean
  readonly networks: Networks
  /** Trusts every peer of the program's own unix socket. */
  readonly unixSocket?: boolean
  readonly secret?: SecretProof
  /** The header with a signed assertion and its claims. With it, no header of `headers` is read. */
  readonly assertion?: { readonly header: string; readonly claims: ClaimNames }
  readonly headers: HeaderNames
  /** Between groups, `,` where nothing is said. */
  readonly groupSeparator?: string
  /** `utf-8` where nothing is said. */
  readonly nameEncoding?: NameEncoding
  /** Hosts under which people may be vouched for, with or without a port. None: any. */
  readonly allowedHosts?: readonly string[]
}
