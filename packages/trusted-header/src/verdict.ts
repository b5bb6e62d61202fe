import type { RefusalCode } from './refusals.ts'

/**
 * What the socket says, before any framework has touched it: `socket.remoteAddress` (undefined on a unix socket or a
 * closed one) and `IncomingMessage.rawHeaders`. Never X-Forwarded-For, never `headers`.
 */
export type Arrival = {
  readonly peer: string | undefined
  /** True when the program's own unix-socket listener took the request. */
  readonly viaUnixSocket?: boolean
  readonly rawHeaders: readonly string[]
  /** What the verifier made of the token that `findAssertion` named. */
  readonly assertion?: AssertionFound
}

/** The claims of an assertion whose signature, issuer, audience and times hold, or why they do not count. */
export type AssertionFound =
  | { readonly claims: Readonly<Record<string, unknown>> }
  | { readonly refused: 'bad_assertion' | 'assertion_expired' | 'assertion_keys' }

/** Whom the proxy vouches for. A field that is absent was not said; what is there, was. */
export type Identity = {
  /** Canonical, as `parseEmail` writes it. */
  readonly email: string
  /** The login service's own id: visible ASCII, at most 255 bytes. */
  readonly id?: string
  /** At most 256 characters. Empty when it was said to be empty. */
  readonly name?: string
  /** In the order given, each once, case as given. */
  readonly groups?: readonly string[]
  /** An https URL. Empty when it was said to be empty. */
  readonly picture?: string
  /** Whole bytes; null: no limit. */
  readonly quotaBytes?: number | null
}

/**
 * Whom the proxy vouches for, or why nobody.
 * `fromProxy`: it is the proxy that speaks, so that its word ends a session it once began. Who only claims to be the
 * proxy must not be able to.
 */
export type Verdict =
  | { readonly identity: Identity }
  | { readonly refused: RefusalCode; readonly fromProxy: boolean }
