import { parseKeySource } from '@porchlight/trusted-header'
import type { LogoutTokenVerifier } from '@porchlight/trusted-header/assertion'
import type { TrustedHeaderSettings } from '../config/trusted-header-settings.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { audiencesIn } from './assertions.ts'

type BackChannel = TrustedHeaderSettings['backChannelLogout']
type Outcome = Awaited<ReturnType<LogoutTokenVerifier['verify']>>

/** Verifies the login service's orders to sign somebody out, by the settings in force. */
export type LogoutTokens = { verify(token: string, settings: BackChannel): Promise<Outcome> }

/** Login services sign these as they sign ID tokens: RS256, or one of the newer ways. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512']

export function createLogoutTokens({ clock, logger }: { clock: Clock; logger: Logger }): LogoutTokens {
  let kept: { settings: BackChannel; verifier: Promise<LogoutTokenVerifier> } | undefined

  return {
    async verify(token, settings) {
      if (kept?.settings !== settings) kept = { settings, verifier: open(settings) }
      return (await kept.verifier).verify(token)
    },
  }

  async function open({ jwksUrl, issuer, audience }: BackChannel) {
    const { createLogoutTokenVerifier } = await import('@porchlight/trusted-header/assertion')
    const source = parseKeySource(jwksUrl)
    if ('problem' in source) throw new Error('settings were used that did not validate')
    const onProblem = (reason: string) => logger.warn({ reason }, 'keys for sign-outs could not be read')
    const audiences = audiencesIn(audience)
    return createLogoutTokenVerifier({
      keys: source.keys,
      issuer,
      audience: audiences,
      algorithms,
      clock,
      onProblem,
    })
  }
}
