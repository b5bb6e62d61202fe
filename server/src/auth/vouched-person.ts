import type { TrustedHeaderSettings } from '../config/trusted-header-settings.ts'
import type { User, Users } from '../users/users.ts'

/** Why a person whom the proxy vouches for gets no account. */
export type UnknownPerson = 'no_admin_yet' | 'unknown_person' | 'account_deleted' | 'account_not_linked'

/**
 * The account of a person whom the proxy vouches for, made at first sight where the settings allow it.
 *
 * Never an admin: on an empty install nobody gets in by header before the first admin has registered.
 */
export async function vouchedPerson(
  users: Users,
  email: string,
  { autoRegister, linkExisting }: TrustedHeaderSettings,
): Promise<{ user: User } | { refused: UnknownPerson }> {
  const known = await users.byEmail(email)
  if (known) return admit(known, linkExisting)
  if (!(await users.hasAdmin())) return { refused: 'no_admin_yet' }
  if (!autoRegister) return { refused: 'unknown_person' }

  const { user } = await users.addIfMissing({
    email,
    name: email.slice(0, email.indexOf('@')),
    passwordHash: null,
  })
  return admit(user, linkExisting)
}

function admit(user: User, linkExisting: TrustedHeaderSettings['linkExisting']) {
  if (user.deletedAt !== null) return { refused: 'account_deleted' as const }
  if (linkExisting === 'never' && user.madeBy !== 'trusted-header')
    return { refused: 'account_not_linked' as const }
  return { user }
}
