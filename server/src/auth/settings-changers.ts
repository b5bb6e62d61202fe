import { describeRefusal, mentionsIdentity, type Verdict } from '@porchlight/trusted-header'
import type { Changers } from '../config/changers.ts'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { callerOf, hasEveryRight, type Caller } from '../users/caller.ts'
import { arrivalOf, peerOf } from './arrival.ts'
import { isSamePerson } from './reconcile.ts'
import type { VerdictOn } from './verdicts.ts'

/**
 * What a request shows about the door that its settings change. A request that got this far was let in by the settings
 * in force, which are the new ones while a change is on probation; what is left to ask is the proxy's word.
 */
export function createSettingsChangers(ports: { settings: Settings; verdictOn: VerdictOn }): Changers {
  const { settings, verdictOn } = ports

  return {
    actorOf: (request) => ({ actorId: callerOf(request).user.id, peer: peerOf(request) }),

    async changerOf(request) {
      const caller = callerOf(request)
      if (caller.by === 'api-key') return hasEveryRight(caller) ? 'program' : 'limited-program'
      const verdict = await verdictOn(request, await settings.current())
      return {
        by: caller.user.id,
        vouched: 'identity' in verdict && isSamePerson(caller.user, verdict.identity),
      }
    },

    async whyNot(request, { by, vouched }) {
      const caller = callerOf(request)
      if (caller.user.id !== by) return 'Only the person who changed the settings can confirm them.'
      if (caller.by === 'api-key') return 'An API key does not show that anybody can still sign in.'
      const inForce = await settings.current()
      const { policy } = inForce
      if (isShutDoor(caller, inForce)) return 'With the new settings nobody can sign in as you did.'
      // Without the header, or without ever having come by it, this very request is all the proof there is.
      if (!policy.enabled || (!vouched && !mentionsIdentity(policy, arrivalOf(request)))) return undefined
      return whyNotVouched(await verdictOn(request, inForce), (identity) =>
        isSamePerson(caller.user, identity),
      )
    },
  }
}

/** A session outlives the door that it came by: it shows nothing of who could still come in. */
function isShutDoor(caller: Caller, { config, policy }: SettingsInForce): boolean {
  if (caller.by !== 'session' || policy.enabled) return false
  if (caller.method === 'password') return !config.passwordLogin.enabled
  return caller.method === 'oauth' && !config.oauth.enabled
}

type Identified = Extract<Verdict, { identity: unknown }>['identity']

function whyNotVouched(verdict: Verdict, isCaller: (identity: Identified) => boolean): string | undefined {
  if ('refused' in verdict)
    return `The new settings do not let this connection in. ${describeRefusal(verdict.refused)}`
  if (isCaller(verdict.identity)) return undefined
  return 'With the new settings the proxy names somebody else on this connection.'
}
