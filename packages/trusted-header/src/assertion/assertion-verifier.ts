import type { AssertionFound } from '../verdict.ts'
import { checkOptions } from './assertion-options.ts'
import type { AssertionOptions } from './assertion-options.ts'
import { createTokenMemory } from './remembered-tokens.ts'
import { readSignedToken, skew } from './signed-token.ts'
import type { SignedToken, TokenRefusal } from './signed-token.ts'
import { createSigningKeys } from './signing-keys.ts'

export type AssertionVerifier = {
  /**
   * Never throws. `assertion_keys` when the login service's keys cannot be had, `assertion_expired` when `exp`, `nbf` or
   * `iat` say that it is not its time, else `bad_assertion`. The claims are frozen: the next request may get the same.
   */
  verify(token: string): Promise<AssertionFound>
}

const mostRemembered = 1000
const notAToken: TokenRefusal = 'bad_assertion'

/**
 * Believes JSON Web Tokens (RFC 7519) that a pinned login service signed for us. Keys are fetched when they are needed:
 * anew after three minutes, at once for an unknown key id, but never more often than every 30 s; while that fails the
 * known ones serve for a day. A key that the login service has taken back is believed for five and a half minutes at most.
 *
 * @throws {TypeError} when an option is missing or would let in anybody
 */
export function createAssertionVerifier(options: AssertionOptions): AssertionVerifier {
  const checked = checkOptions(options)
  const keys = createSigningKeys(checked.keys, checked)
  const memory = createTokenMemory<SignedToken>(mostRemembered)
  const rules = { keys, options: checked, types: ['jwt'], requiredClaims: ['exp'] }

  function remember(token: string, { claims, choice }: SignedToken, version: number): SignedToken {
    const until = Math.min(((claims.exp ?? 0) + skew) * 1000, keys.freshUntil(choice))
    const found = { claims: freeze(claims), choice }
    memory.remember(token, { value: found, until, version })
    return found
  }

  return {
    async verify(token) {
      if (typeof token !== 'string') return { refused: notAToken }
      const version = keys.version()
      const known = memory.recall(token, { at: checked.clock.now().getTime(), version })
      if (known) {
        keys.keepFresh(known.choice)
        return { claims: known.claims }
      }
      const found = await readSignedToken(token, rules)
      return 'refused' in found ? found : { claims: remember(token, found, keys.version()).claims }
    },
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}
