import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { CryptoKey, JWTPayload, ProtectedHeaderParameters } from 'jose'
import type { CheckedOptions } from './assertion-options.ts'
import type { KeyChoice, SigningKeys } from './signing-keys.ts'

/** Why a token is not believed. */
export type TokenRefusal = 'bad_assertion' | 'assertion_expired' | 'assertion_keys'

/** Claims that the login service signed, and the key that did. */
export type SignedToken = { claims: JWTPayload; choice: KeyChoice }

type TokenRules = {
  keys: SigningKeys
  options: CheckedOptions
  /** The `typ` a token may have, in lower case and without `application/`; it may also have none. */
  types: readonly string[]
  requiredClaims: readonly string[]
  /** Seconds since `iat`. */
  maxAge?: number
}

/** Seconds that clocks may differ. */
export const skew = 60
const longestToken = 16 * 1024

/** Three parts in base64url without padding, RFC 7515 section 2 and 7.1. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** Load balancers of AWS pad every part, and sign the padding. */
const padded = /^[\w-]+={0,2}\.[\w-]+={0,2}\.[\w-]+={0,2}$/

/** Believes a token of the pinned issuer for us, signed by one of its keys, in its time. Never throws. */
export async function readSignedToken(
  token: unknown,
  rules: TokenRules,
): Promise<SignedToken | { refused: TokenRefusal }> {
  try {
    const isPem = 'pemUrl' in rules.options.keys
    if (typeof token !== 'string' || token.length > longestToken) return { refused: 'bad_assertion' }
    if (!(isPem ? padded : compact).test(token)) return { refused: 'bad_assertion' }
    const header = decodeProtectedHeader(token)
    const choice = readHeader(header, rules)
    if (!choice || (isPem && !isOurLoadBalancer(header, rules.options))) return { refused: 'bad_assertion' }
    return await verifyWithKeys(token, choice, rules)
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

/** What may choose a key; undefined for a token of another kind, or one that asks for what we do not do. */
function readHeader(
  { alg, kid, typ, ...rest }: ProtectedHeaderParameters,
  rules: TokenRules,
): KeyChoice | undefined {
  if (typeof alg !== 'string' || !rules.options.algorithms.includes(alg)) return undefined
  if (kid !== undefined && typeof kid !== 'string') return undefined
  // RFC 7515 section 4.1.11: whoever does not understand an extension must refuse the token, and we know none.
  if ('crit' in rest || 'b64' in rest) return undefined
  if (typ !== undefined && !isOfType(typ, rules.types)) return undefined
  return { alg, kid }
}

/** RFC 7515 section 4.1.9: a type without a slash stands for `application/` and itself. */
const isOfType = (typ: unknown, types: readonly string[]) =>
  typeof typ === 'string' && types.includes(typ.toLowerCase().replace(/^application\//, ''))

/** Its tokens say for whom they are in the header, which is signed as well. */
function isOurLoadBalancer(header: Record<string, unknown>, { audience }: CheckedOptions): boolean {
  const [arns, clients] = [audience.filter(isArn), audience.filter((one) => !isArn(one))]
  const { signer, client } = header
  if (typeof signer !== 'string' || !arns.includes(signer)) return false
  return clients.length === 0 || (typeof client === 'string' && clients.includes(client))
}

const isArn = (text: string) => text.startsWith('arn:')

async function verifyWithKeys(
  token: string,
  choice: KeyChoice,
  rules: TokenRules,
): Promise<SignedToken | { refused: TokenRefusal }> {
  const { keys } = rules
  const candidates = await keys.find(choice)
  if (!candidates) return { refused: 'assertion_keys' }
  const claims = await verifyWithAny(token, candidates, rules)
  if (claims) return { claims, choice }
  // Unknown, or signed by a key without an id that is newer than ours.
  const isWorthAnotherLook = candidates.length === 0 || choice.kid === undefined
  if (isWorthAnotherLook && (await keys.renew(choice))) {
    const later = await verifyWithAny(token, (await keys.find(choice)) ?? [], rules)
    if (later) return { claims: later, choice }
  }
  return { refused: isWorthAnotherLook && keys.hasFailed(choice) ? 'assertion_keys' : 'bad_assertion' }
}

/** Undefined when none of the keys signed it. */
async function verifyWithAny(
  token: string,
  candidates: readonly CryptoKey[],
  rules: TokenRules,
): Promise<JWTPayload | undefined> {
  for (const key of candidates) {
    const claims = await verifyClaims(token, key, rules).catch((error: unknown) => {
      if (error instanceof errors.JWSSignatureVerificationFailed) return undefined
      throw error
    })
    if (claims) return claims
  }
  return undefined
}

async function verifyClaims(
  token: string,
  key: CryptoKey,
  { options, requiredClaims, maxAge }: TokenRules,
): Promise<JWTPayload> {
  const now = options.clock.now()
  const { payload } = await jwtVerify(token, key, {
    algorithms: [...options.algorithms],
    issuer: options.issuer,
    ...('pemUrl' in options.keys ? {} : { audience: [...options.audience] }),
    ...(maxAge !== undefined && { maxTokenAge: maxAge }),
    requiredClaims: [...requiredClaims],
    clockTolerance: skew,
    currentDate: now,
  })
  // jose looks at `iat` only when there is a greatest age.
  const { iat } = payload
  if (iat !== undefined && (typeof iat !== 'number' || iat > now.getTime() / 1000 + skew))
    throw new errors.JWTExpired('issued in the future', payload, 'iat', 'check_failed')
  return payload
}

function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'assertion_expired'
  const isAboutTime =
    error instanceof errors.JWTClaimValidationFailed &&
    error.reason === 'check_failed' &&
    ['nbf', 'iat'].includes(error.claim)
  return isAboutTime ? 'assertion_expired' : 'bad_assertion'
}
