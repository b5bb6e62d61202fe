import { describeRefusal, type Identity } from '@porchlight/trusted-header'
import type { FastifyRequest } from 'fastify'
import type { SettingsInForce } from '../config/settings.ts'
import type { Tryout } from '../sign-in-check/sign-in-check.ts'
import type { Users } from '../users/users.ts'
import { mapping, type MappingRules } from './mapping.ts'
import type { VerdictOn } from './verdicts.ts'

type Ports = {
  users: Users
  /** One that tells nobody. */
  verdictOn: VerdictOn
}

/** What a request would lead to under other settings: the verdict, and the account as it would be. Changes nothing. */
export function createTryout({ users, verdictOn }: Ports) {
  return async function tryOut(request: FastifyRequest, inForce: SettingsInForce): Promise<Tryout> {
    const verdict = await verdictOn(request, inForce)
    if ('refused' in verdict)
      return { verdict: { refused: verdict.refused, explanation: describeRefusal(verdict.refused) } }
    const { identity } = verdict
    return {
      verdict: { identity: { ...identity, groups: identity.groups && [...identity.groups] } },
      account: await accountFor(identity, inForce.config.trustedHeader),
    }
  }

  async function accountFor(identity: Identity, rules: MappingRules): Promise<Tryout['account']> {
    const { id, email } = identity
    const byId = id === undefined ? undefined : await users.byHeaderId(id)
    const plan = mapping({
      known: { byId, byEmail: await users.byEmail(email) },
      identity,
      rules,
      signsIn: true,
    })
    if (plan.do === 'refuse') return { outcome: 'refused', code: plan.code }
    if (plan.do === 'admit') {
      const { account, changes } = plan
      const isAdmin = changes.isAdmin ?? account.isAdmin
      return {
        outcome: 'opens',
        userId: account.id,
        name: account.name,
        isAdmin,
        changes: Object.keys(changes),
      }
    }
    if (!(await users.hasAdmin())) return { outcome: 'refused', code: 'no_admin_yet' }
    return rules.autoRegister ? { outcome: 'new' } : { outcome: 'refused', code: 'unknown_person' }
  }
}
