import type { Identity } from '@porchlight/trusted-header'
import type { AuditTrail } from '../audit/audit.ts'
import { Problem } from '../platform/problem.ts'
import type { User, Users } from '../users/users.ts'
import {
  mapping,
  type KnownAccounts,
  type Mapping,
  type MappingRules,
  type PersonRefusal,
} from './mapping.ts'
import { createAccountChanges, type Pictures } from './account-changes.ts'

type Ports = {
  users: Users
  audit: Pick<AuditTrail, 'record'>
  /** Who becomes the first admin when the proxy vouches for her on an empty install. */
  adminEmail: string | undefined
  pictures?: Pictures | undefined
}

export type Vouched = {
  identity: Identity
  rules: MappingRules
  /** A session or a request begins by this word. */
  signsIn: boolean
  /** The account of the session that came along: it saves looking for what is at hand. */
  near?: User | undefined
  peer: string | undefined
  /** The rules may be taken back within the minute: nothing is written that would outlast them. */
  onProbation?: boolean | undefined
}

/** The account of a person whom the proxy vouches for, made or changed where the rules say so; or why there is none. */
export type PersonFor = (vouched: Vouched) => Promise<{ user: User } | { refused: PersonRefusal }>

/** More rounds than this mean that somebody changes accounts faster than we can look. */
const mostRounds = 5

/**
 * From the proxy's word to an account. What two requests do at once is settled by the database's unique columns: whoever
 * comes second looks again.
 */
export function createVouchedPeople({ users, audit, adminEmail, pictures }: Ports): PersonFor {
  const apply = createAccountChanges({ users, audit, pictures })

  return async function personFor(vouched) {
    const { identity, rules, signsIn, peer } = vouched
    for (let round = 0; round < mostRounds; round++) {
      const plan = mapping({ known: await knownAccounts(vouched, round), identity, rules, signsIn })
      if (plan.do === 'admit') {
        const user = await apply(vouched.onProbation ? withoutRights(plan) : plan, vouched)
        if (user) return { user }
      } else if (plan.do === 'register') {
        const refused = await register(vouched)
        if (refused !== undefined) return { refused }
      } else {
        if (plan.code === 'id_mismatch') tellMismatch(identity, { account: plan.account, peer })
        return { refused: plan.code }
      }
    }
    throw new Error('an account changed again and again while it was looked for')
  }

  async function knownAccounts({ identity, near }: Vouched, round: number): Promise<KnownAccounts> {
    const { id, email } = identity
    const fresh = round === 0 ? near : undefined
    if (id === undefined) return { byEmail: fresh?.email === email ? fresh : await users.byEmail(email) }
    const byId = fresh?.headerId === id ? fresh : await users.byHeaderId(id)
    return byId?.email === email ? { byId } : { byId, byEmail: await users.byEmail(email) }
  }

  /** Makes the account; whether this or another request did is the same to whoever looks again. */
  async function register({
    identity,
    rules,
    peer,
    onProbation,
  }: Vouched): Promise<PersonRefusal | undefined> {
    const { email } = identity
    const headerId = onProbation ? undefined : identity.id
    const name = identity.name || email.slice(0, email.indexOf('@'))
    const account = { email, name, headerId, passwordHash: null }
    if (!(await users.hasAdmin())) {
      const isNamed = adminEmail !== undefined && email === adminEmail
      const admin = isNamed ? await firstAdmin({ ...account, storageLabel: 'admin' }) : undefined
      if (!admin) return isNamed && (await users.hasAdmin()) ? undefined : 'no_admin_yet'
      audit.record({ kind: 'first_sight', userId: admin.id, email, peer })
      audit.record({
        kind: 'admin_granted',
        userId: admin.id,
        email,
        peer,
        details: { by: 'PORCHLIGHT_ADMIN_EMAIL' },
      })
      return undefined
    }
    if (!rules.autoRegister) return 'unknown_person'
    const added = await users.addIfMissing(account)
    if (added) audit.record({ kind: 'first_sight', userId: added.id, email, peer })
    return undefined
  }

  /** Undefined when another request was faster. */
  async function firstAdmin(account: Parameters<Users['addFirstAdmin']>[0]): Promise<User | undefined> {
    try {
      return await users.addFirstAdmin(account)
    } catch (error) {
      if (error instanceof Problem) return undefined
      throw error
    }
  }

  function tellMismatch(
    { email }: Identity,
    { account, peer }: { account: User | undefined; peer: string | undefined },
  ) {
    audit.record({ kind: 'identity_mismatch', code: 'id_mismatch', userId: account?.id, email, peer })
  }
}

/** Admin rights, ids and addresses by which an account is found would stay when the settings that gave them are gone. */
function withoutRights(plan: Extract<Mapping, { do: 'admit' }>): Extract<Mapping, { do: 'admit' }> {
  const { headerId: _id, email: _email, isAdmin: _isAdmin, ...changes } = plan.changes
  return { ...plan, changes }
}
