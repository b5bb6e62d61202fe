import type { AuditTrail } from '../audit/audit.ts'
import { Problem } from '../platform/problem.ts'
import type { User, Users } from '../users/users.ts'
import type { AccountChanges, Mapping } from './mapping.ts'

/** Fetches pictures of people in the background; an empty address takes the picture away. */
export type Pictures = { follow(user: User, url: string): void }

type Ports = { users: Users; audit: Pick<AuditTrail, 'record'>; pictures?: Pictures | undefined }
type Admitted = Extract<Mapping, { do: 'admit' }>

/** What was said once in the life of this process: enough for what would be said on every request. */
const mostTold = 10_000

/** Writes what the proxy's word changes on an account, each change with its line in the audit. */
export function createAccountChanges({ users, audit, pictures }: Ports) {
  const told = new Set<string>()

  /** @returns the account as it is now; undefined when it is another one by now, and has to be looked for again */
  return async function apply(
    { account, changes, emailTaken }: Admitted,
    { signsIn, peer }: { signsIn: boolean; peer: string | undefined },
  ): Promise<User | undefined> {
    const about = { userId: account.id, email: account.email, peer }
    let user = account
    if (changes.headerId !== undefined) {
      const { headerId } = changes
      if (!(await users.bindHeaderId({ userId: user.id, headerId }))) return undefined
      user = { ...user, headerId }
      audit.record({ kind: 'id_bound', ...about, details: { id: headerId } })
    }
    if (emailTaken && isNews(`taken ${user.id}`))
      audit.record({ kind: 'email_followed_id', code: 'email_taken', ...about })
    if (changes.email !== undefined) user = await followEmail(user, changes.email, peer)
    if (changes.isAdmin !== undefined) user = await followGroup(user, changes.isAdmin, peer)
    user = await followProfile(user, changes, peer)
    if (signsIn && user.madeBy !== 'trusted-header' && isNews(`linked ${user.id}`))
      audit.record({ kind: 'account_linked', ...about })
    return user
  }

  async function followEmail(user: User, email: string, peer: string | undefined): Promise<User> {
    try {
      const changed = await users.change(user.id, { email })
      const details = { before: user.email, after: email }
      audit.record({ kind: 'email_followed_id', userId: user.id, email, peer, details })
      return changed
    } catch (error) {
      // Taken in this very moment: the next request sees by whom.
      if (error instanceof Problem) return user
      throw error
    }
  }

  async function followGroup(user: User, isAdmin: boolean, peer: string | undefined): Promise<User> {
    const about = { userId: user.id, email: user.email, peer }
    if (isAdmin) {
      await users.change(user.id, { isAdmin })
      audit.record({ kind: 'admin_granted', ...about, details: { by: 'adminGroup' } })
      return { ...user, isAdmin }
    }
    if (await users.withdrawAdmin(user.id)) {
      audit.record({ kind: 'admin_withdrawn', ...about, details: { by: 'adminGroup' } })
      return { ...user, isAdmin }
    }
    if (isNews(`last admin ${user.id}`))
      audit.record({ kind: 'admin_withdrawn', code: 'last_admin', ...about })
    return user
  }

  async function followProfile(
    user: User,
    { name, quotaBytes, picture }: AccountChanges,
    peer: string | undefined,
  ): Promise<User> {
    if (picture !== undefined) pictures?.follow(user, picture)
    if (name === undefined && quotaBytes === undefined) return user
    const after = { ...(name !== undefined && { name }), ...(quotaBytes !== undefined && { quotaBytes }) }
    const changed = await users.change(user.id, after)
    const before = { name: user.name, quotaBytes: user.quotaBytes }
    audit.record({
      kind: 'profile_synced',
      userId: user.id,
      email: user.email,
      peer,
      details: { before, after },
    })
    return changed
  }

  function isNews(what: string): boolean {
    if (told.has(what)) return false
    if (told.size >= mostTold) told.clear()
    told.add(what)
    return true
  }
}
