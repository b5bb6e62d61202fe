import { checkOptions } from './assertion-options.ts'
import type { AssertionOptions } from './assertion-options.ts'
import { readSignedToken, skew } from './signed-token.ts'
import type { TokenRefusal } from './signed-token.ts'
import { createSigningKeys } from './signing-keys.ts'

/** Whose sessions the login service wants ended: of a person (`sub`), of one sign-in of theirs (`sid`), or both. */
export type LogoutOrder = {
  sub?: string
  sid?: string
  /** In no specification, but sent by some; an e-mail address as the login service writes it. */
  email?: string
  /** To be accepted once. */
  jti: string
  /** Until when its `jti` has to be remembered: from then on the token is refused for its age. */
  expiresAt: Date
}

export type LogoutTokenVerifier = {
  /** Never throws. */
  verify(token: string): Promise<LogoutOrder | { refused: TokenRefusal }>
}

/** @see https://openid.net/specs/openid-connect-backchannel-1_0.html section 2.4 */
const event = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds. Section 4 recommends that such tokens live for two minutes at most. */
const maxAge = 120
const longestText = 255

/**
 * Believes logout tokens of OpenID Connect Back-Channel Logout 1.0 (section 2.6). Wider than it in two points, for older
 * login services: `exp` may be missing, since no token is taken that is older than two minutes, and `typ` may be `JWT`.
 * Whoever asks must refuse a `jti` for the second time, and answer 400 to a refusal (section 2.8).
 *
 * @throws {TypeError} when an option is missing or would let in anybody
 */
export function createLogoutTokenVerifier(options: AssertionOptions): LogoutTokenVerifier {
  const checked = checkOptions(options)
  const keys = createSigningKeys(checked.keys, checked)
  const rules = { keys, options: checked, types: ['logout+jwt', 'jwt'], requiredClaims: [], maxAge }

  return {
    async verify(token) {
      const found = await readSignedToken(token, rules)
      if ('refused' in found) return found
      return readOrder(found.claims) ?? { refused: 'bad_assertion' }
    },
  }
}

function readOrder(claims: Record<string, unknown>): LogoutOrder | undefined {
  const { jti, iat, exp, sub, sid, email } = claims
  // An ID token has a nonce: it must not be taken for an order to sign out.
  if ('nonce' in claims || !isOrderedBy(claims['events'])) return undefined
  if (!isText(jti) || typeof iat !== 'number') return undefined
  if (!isTextIfAny(sub) || !isTextIfAny(sid) || (sub === undefined && sid === undefined)) return undefined
  // Its last second counts in full.
  const end = Math.min(iat + maxAge, typeof exp === 'number' ? exp : Infinity) + skew + 1
  return {
    jti,
    expiresAt: new Date(end * 1000),
    ...(sub !== undefined && { sub }),
    ...(sid !== undefined && { sid }),
    ...(isText(email) && { email }),
  }
}

/** The value of the event must be an object; that it should be empty does not bind whoever reads it. */
function isOrderedBy(events: unknown): boolean {
  if (!isPlainObject(events) || !Object.hasOwn(events, event)) return false
  return isPlainObject(events[event])
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longestText

const isTextIfAny = (value: unknown): value is string | undefined => value === undefined || isText(value)
