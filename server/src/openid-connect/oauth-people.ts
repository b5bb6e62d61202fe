import type { AuditTrail } from '../audit/audit.ts'
import type { NewUser, User, Users } from '../users/users.ts'
import type { IssuerWord, OauthSettings, Profile } from './openid-connect.ts'

/** Fetches pictures of people in the background. */
type Pictures = { follow(user: User, url: string): void }

type Ports = {
  users: Users
  audit: Pick<AuditTrail, 'record'>
  pictures?: Pictures | undefined
  /** Who alone becomes the first admin, where the operator named somebody. */
  adminEmail?: string | undefined
}

/** Why a person whom the issuer let in is not let in here. */
export type PersonProblem =
  | 'no_email'
  | 'email_unverified'
  | 'account_deleted'
  | 'account_not_linked'
  | 'linked_to_another'
  | 'unknown_person'
  | 'no_admin_yet'

type Arriving = {
  word: IssuerWord
  settings: OauthSettings
  /** Whether an account that was made in another way may be opened by its e-mail address. */
  linkExisting: 'email' | 'never'
  peer: string | undefined
  /** The settings may be taken back within the minute: no link and no right is written that would outlast them. */
  onProbation?: boolean | undefined
}
type Found = { user: User } | { refused: PersonProblem }

/** More rounds than this mean that somebody changes accounts faster than we can look. */
const mostRounds = 5
const bytesInGib = 1024 ** 3

/**
 * From the issuer's word to an account: the one linked to its subject, else the one with a verified e-mail address, else
 * a new one. What two do at once is settled by the database's unique columns: whoever comes second looks again.
 */
export function createOauthPeople({ users, audit, pictures, adminEmail }: Ports) {
  return async function personFor(arriving: Arriving): Promise<Found> {
    const { word } = arriving
    for (let round = 0; round < mostRounds; round++) {
      const found = await knownPerson(arriving)
      if (found === undefined) {
        const refused = await register(arriving, round)
        if (refused !== undefined) return { refused }
        continue
      }
      if ('refused' in found) return found
      const user = await followRole(found.user, arriving)
      const { picture } = word.profile
      if (picture !== undefined && user.pictureKey === null) pictures?.follow(user, picture)
      return { user }
    }
    throw new Error('an account changed again and again while it was looked for')
  }

  /** Undefined: there is none, or it changed in this very moment. */
  async function knownPerson({
    word,
    linkExisting,
    peer,
    onProbation,
  }: Arriving): Promise<Found | undefined> {
    const link = { issuer: word.issuer, id: word.subject }
    const linked = await users.byOauth(link)
    if (linked) return linked.deletedAt === null ? { user: linked } : { refused: 'account_deleted' }

    const { email } = word.profile
    if (email === undefined) return { refused: 'no_email' }
    // Whoever may write any address into a profile there would open anybody's account here.
    if (word.profile.emailIs === 'unverified') return { refused: 'email_unverified' }
    const user = await users.byEmail(email)
    if (!user) return undefined
    if (user.deletedAt !== null) return { refused: 'account_deleted' }
    // An issuer that says nothing may let everybody write what they like (“nOAuth”).
    const matters = user.isAdmin || user.madeBy !== 'oauth'
    if (word.profile.emailIs === 'not_said' && matters) return { refused: 'email_unverified' }
    if (linkExisting === 'never' && user.madeBy !== 'oauth') return { refused: 'account_not_linked' }
    if (onProbation) return { user }
    if (!(await users.linkOauth({ userId: user.id, link }))) {
      const again = await users.byOauth(link)
      return again?.id === user.id ? { user: again } : { refused: 'linked_to_another' }
    }
    audit.record({
      kind: 'oauth_linked',
      method: 'oauth',
      userId: user.id,
      email,
      peer,
      details: { by: 'e-mail' },
    })
    return { user: { ...user, oauthId: link.id } }
  }

  async function register(arriving: Arriving, round: number): Promise<PersonProblem | undefined> {
    const { word, settings, peer } = arriving
    const { email, role } = word.profile
    if (!settings.autoRegister) return 'unknown_person'
    if (email === undefined) return 'no_email'
    const account = newAccount(arriving)
    if (!(await users.hasAdmin())) {
      // The issuer is the admin's own choice, and it says who is one.
      if (role !== 'admin' || arriving.onProbation) return 'no_admin_yet'
      if (adminEmail !== undefined && email !== adminEmail) return 'no_admin_yet'
      tellMade(await users.addFirstAdmin({ ...account, storageLabel: 'admin' }))
      return undefined
    }
    // Somebody else may have the label; then the account does without.
    tellMade(await users.addIfMissing(round === 0 ? account : { ...account, storageLabel: null }))
    return undefined

    function tellMade(user: User | undefined): void {
      if (!user) return
      audit.record({ kind: 'account_made', method: 'oauth', userId: user.id, email: user.email, peer })
    }
  }

  /** The issuer's word on roles counts at each sign-in where it is given; the last admin stays one. */
  async function followRole(user: User, { word, peer, onProbation }: Arriving): Promise<User> {
    const { role } = word.profile
    if (onProbation || role === undefined || (role === 'admin') === user.isAdmin) return user
    const about = { method: 'oauth', userId: user.id, email: user.email, peer, details: { by: 'roleClaim' } }
    if (role === 'admin') {
      audit.record({ kind: 'admin_granted', ...about })
      return users.change(user.id, { isAdmin: true })
    }
    const withdrawn = await users.withdrawAdmin(user.id)
    audit.record({ kind: 'admin_withdrawn', ...about, ...(!withdrawn && { code: 'last_admin' }) })
    return withdrawn ? { ...user, isAdmin: false } : user
  }
}

export type OauthPeople = ReturnType<typeof createOauthPeople>

function newAccount({ word: { issuer, subject, profile }, settings, onProbation }: Arriving): NewUser {
  const { email = '', name = email, role, storageLabel = null } = profile
  return {
    email,
    name,
    passwordHash: null,
    oauth: { issuer, id: subject },
    isAdmin: role === 'admin' && !onProbation,
    storageLabel,
    quotaBytes: quotaOf(profile, settings),
  }
}

function quotaOf({ quotaBytes }: Profile, { defaultStorageQuota }: OauthSettings): number | null {
  if (quotaBytes !== undefined) return quotaBytes
  return defaultStorageQuota === null ? null : Math.round(defaultStorageQuota * bytesInGib)
}
