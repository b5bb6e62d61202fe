import type { Identity } from '@porchlight/trusted-header'
import type { TrustedHeaderSettings } from '../config/trusted-header-settings.ts'
import type { User } from '../users/users.ts'

/** Why a person whom the proxy vouches for does not get in. */
export type PersonRefusal =
  | 'no_admin_yet'
  | 'unknown_person'
  | 'account_deleted'
  | 'account_not_linked'
  | 'id_mismatch'
  | 'not_a_member'

export type MappingRules = Pick<
  TrustedHeaderSettings,
  'autoRegister' | 'linkExisting' | 'adminGroup' | 'memberGroup' | 'syncProfile'
>

/** The accounts that an identity could mean: the one bound to its id, the one with its address. They may be the same. */
export type KnownAccounts = { byId?: User | undefined; byEmail?: User | undefined }

/** What the proxy's word changes on an account; empty nearly always. */
export type AccountChanges = {
  headerId?: string
  email?: string
  isAdmin?: boolean
  name?: string
  quotaBytes?: number | null
  /** The address of the picture; empty: there is none any more. */
  picture?: string
}

export type Mapping =
  | { do: 'refuse'; code: PersonRefusal; account?: User }
  | { do: 'register' }
  /** `emailTaken`: the address changed at the login service, but here it is another account's. */
  | { do: 'admit'; account: User; changes: AccountChanges; emailTaken: boolean }

/**
 * From a verdict to an account: whose it is, whether it may be opened, and what changes on it.
 *
 * `signsIn`: a session or a request begins by this word, so that the profile follows; groups count on every request.
 * A header that was not sent changes nothing on the profile, but it keeps nobody an admin or a member.
 */
export function mapping(of: {
  known: KnownAccounts
  identity: Identity
  rules: MappingRules
  signsIn: boolean
}): Mapping {
  const { known, identity, rules, signsIn } = of
  if (!isMember(identity, rules)) return { do: 'refuse', code: 'not_a_member' }
  const account = known.byId ?? known.byEmail
  if (!account) return { do: 'register' }
  const code = refusal(account, identity, rules)
  if (code !== undefined) return { do: 'refuse', code, account }

  const moved = identity.email !== account.email
  const emailTaken = moved && known.byEmail !== undefined
  const changes = {
    ...(identity.id !== undefined && account.headerId === null && { headerId: identity.id }),
    ...(moved && !emailTaken && { email: identity.email }),
    ...adminChange(account, identity, rules),
    ...(signsIn && profileChanges(account, identity, rules)),
  }
  return { do: 'admit', account, changes, emailTaken }
}

const isMember = ({ groups }: Identity, { memberGroup }: MappingRules): boolean =>
  memberGroup === '' || (groups?.includes(memberGroup) ?? false)

function refusal(account: User, { id }: Identity, { linkExisting }: MappingRules): PersonRefusal | undefined {
  // The mailbox may have been given to somebody else since.
  if (id !== undefined && account.headerId !== null && account.headerId !== id) return 'id_mismatch'
  if (account.deletedAt !== null) return 'account_deleted'
  return linkExisting === 'never' && account.madeBy !== 'trusted-header' ? 'account_not_linked' : undefined
}

function adminChange(account: User, { groups }: Identity, { adminGroup }: MappingRules): AccountChanges {
  if (adminGroup === '') return {}
  const isAdmin = groups?.includes(adminGroup) ?? false
  return isAdmin === account.isAdmin ? {} : { isAdmin }
}

/** A name cannot be cleared, for an account must be called something; a picture can, and a quota by saying that there is none. */
function profileChanges(account: User, identity: Identity, { syncProfile }: MappingRules): AccountChanges {
  const { name, picture, quotaBytes } = identity
  const follows = (part: MappingRules['syncProfile'][number]) => syncProfile.includes(part)
  return {
    ...(follows('name') && name !== undefined && name !== '' && name !== account.name && { name }),
    ...(follows('quota') && quotaBytes !== undefined && quotaBytes !== account.quotaBytes && { quotaBytes }),
    ...(follows('picture') && picture !== undefined && { picture }),
  }
}
