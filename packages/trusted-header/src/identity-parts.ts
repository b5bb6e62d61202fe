import type { RefusalCode } from './refusals.ts'
import type { Identity } from './verdict.ts'

/** An identity whose optional fields may be there and undefined, as readers give them. */
type Parts = { [Field in keyof Identity]: Identity[Field] | undefined } & { email: string }

/** Leaves out what was not said: who asks `'name' in identity` must not be told of a name that is undefined. */
export function identityOf(parts: Parts): Identity {
  const { email, id, name, groups, picture, quotaBytes } = parts
  const identity: { -readonly [Field in keyof Identity]: Identity[Field] } = { email }
  if (id !== undefined) identity.id = id
  if (name !== undefined) identity.name = name
  if (groups !== undefined) identity.groups = groups
  if (picture !== undefined) identity.picture = picture
  if (quotaBytes !== undefined) identity.quotaBytes = quotaBytes
  return identity
}

/** A person, or why there is nobody. */
export type IdentityFound = { readonly identity: Identity } | { readonly refused: RefusalCode }
