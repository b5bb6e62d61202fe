import { cleanName } from './display-name.ts'
import { parseEmail } from './email.ts'
import { listGroups, partGroups } from './groups.ts'
import { trimBlanks } from './header-value.ts'
import { identityOf } from './identity-parts.ts'
import { parseId, type IdFound } from './login-id.ts'
import { parsePicture } from './picture-url.ts'
import { isPlaceholder } from './placeholders.ts'
import { parseQuota } from './quota.ts'
import type { IdentityFound } from './identity-parts.ts'
import type { ClaimNames } from './policy.ts'

type Claims = Readonly<Record<string, unknown>>

/** Whom the claims of an assertion name, by the grammars of the headers. Claims are text: there are no bytes to decode. */
export function identityOfClaims(claims: Claims, names: ClaimNames, groupSeparator: string): IdentityFound {
  const claim = (name: string | undefined): unknown =>
    name !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined
  const email = emailOf(claim(names.email))
  if ('refused' in email) return email
  const id = names.id === undefined ? undefined : idOf(claim(names.id))
  if (id && 'refused' in id) return id

  return {
    identity: identityOf({
      email: email.email,
      id: id?.id,
      name: readText(claim(names.name), cleanName),
      groups: groupsOf(claim(names.groups), groupSeparator),
      picture: readText(claim(names.picture), parsePicture),
      quotaBytes: readText(claim(names.quota), parseQuota),
    }),
  }
}

function emailOf(claim: unknown): { email: string } | { refused: 'no_identity' | 'bad_email' } {
  const text = textOf(claim ?? '')
  if (text === undefined) return { refused: 'bad_email' }
  if (isPlaceholder(text)) return { refused: 'no_identity' }
  const email = parseEmail(text)
  return email === undefined ? { refused: 'bad_email' } : { email }
}

function idOf(claim: unknown): IdFound {
  const text = textOf(claim ?? '')
  return text === undefined ? { refused: 'bad_id' } : parseId(text)
}

/** A list of texts, or one text with separators. */
function groupsOf(claim: unknown, separator: string): readonly string[] | undefined {
  if (typeof claim === 'string') return partGroups(claim, separator)
  if (!Array.isArray(claim)) return undefined
  const parts: unknown[] = claim
  return parts.every((part) => typeof part === 'string') ? listGroups(parts) : undefined
}

function readText<T>(claim: unknown, read: (text: string) => T | undefined): T | undefined {
  const text = textOf(claim)
  return text === undefined ? undefined : read(text)
}

/** Numbers count as text: some services have ids and quotas that are. One too large to be exact does not. */
function textOf(claim: unknown): string | undefined {
  if (typeof claim === 'string') return trimBlanks(claim)
  const isExact = typeof claim === 'number' && Math.abs(claim) <= Number.MAX_SAFE_INTEGER
  return isExact ? String(claim) : undefined
}
