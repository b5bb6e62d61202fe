import { parseEmail } from '@porchlight/trusted-header'
import { isPlain } from '../platform/plain-text.ts'
import type { OauthSettings, Profile } from './openid-connect.ts'

type Claims = Record<string, unknown>
type ClaimNames = Pick<OauthSettings, 'roleClaim' | 'storageLabelClaim' | 'storageQuotaClaim'>

const longestName = 256
const longestLabel = 128
const bytesInGib = 1024 ** 3

/** Reads the claims of an ID token, or of the answer about the person. What makes no sense counts as not said. */
export function readProfile(claims: Claims, names: ClaimNames): Profile {
  const email = textOf(claims['email'])
  const canonical = email === undefined ? undefined : parseEmail(email)
  const name = nameIn(claims) ?? canonical
  const picture = pictureIn(claims['picture'])
  const role = roleIn(claims[names.roleClaim])
  const storageLabel = labelIn(claims[names.storageLabelClaim])
  const quotaBytes = quotaIn(claims[names.storageQuotaClaim])
  return {
    emailIs: verificationIn(claims['email_verified']),
    ...(canonical !== undefined && { email: canonical }),
    ...(name !== undefined && { name }),
    ...(picture !== undefined && { picture }),
    ...(role !== undefined && { role }),
    ...(storageLabel !== undefined && { storageLabel }),
    ...(quotaBytes !== undefined && { quotaBytes }),
  }
}

/** Core section 5.1 wants a boolean; some issuers write it as text. Anything else is no yes. */
function verificationIn(claim: unknown): Profile['emailIs'] {
  if (claim === undefined) return 'not_said'
  return claim === true || claim === 'true' ? 'verified' : 'unverified'
}

function nameIn(claims: Claims): string | undefined {
  const both = [textOf(claims['given_name']), textOf(claims['family_name'])]
  const joined = both.filter((part) => part !== undefined).join(' ')
  const name = textOf(claims['name']) ?? (joined || textOf(claims['preferred_username']))
  return name?.slice(0, longestName)
}

/** One role, or a list of them; admin before user. */
function roleIn(claim: unknown): 'admin' | 'user' | undefined {
  const roles = [claim].flat()
  return (['admin', 'user'] as const).find((role) => roles.includes(role))
}

/** A label names a folder: nothing in it may lead out of there. */
function labelIn(claim: unknown): string | undefined {
  const label = textOf(claim)?.replaceAll(/[^\p{L}\p{N}_-]+/gu, '')
  return label === undefined || label === '' ? undefined : label.slice(0, longestLabel)
}

function quotaIn(claim: unknown): number | undefined {
  const gib = typeof claim === 'string' && claim.trim() !== '' ? Number(claim) : claim
  if (typeof gib !== 'number' || !Number.isFinite(gib) || gib < 0) return undefined
  const bytes = Math.round(gib * bytesInGib)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

function pictureIn(claim: unknown): string | undefined {
  const url = textOf(claim)
  return url !== undefined && /^https:\/\/[!-~]{1,2000}$/i.test(url) && URL.canParse(url) ? url : undefined
}

function textOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || !isPlain(claim)) return undefined
  const text = claim.trim()
  return text === '' ? undefined : text
}
