import { parseKeySource } from '@porchlight/trusted-header'
import type { LogoutTokenVerifier } from '@porchlight/trusted-header/assertion'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { ClientFor } from './issuer-client.ts'
import type { OauthSettings } from './openid-connect.ts'

type Verified = Awaited<ReturnType<LogoutTokenVerifier['verify']>>

/** Verifies the issuer's orders to sign somebody out (OpenID Connect Back-Channel Logout 1.0) by what it says of itself. */
export function createIssuerLogout(ports: { clientFor: ClientFor; clock: Clock; logger: Logger }) {
  const { clientFor, clock, logger } = ports
  let kept: { key: string; verifier: LogoutTokenVerifier } | undefined

  return async function verifyLogout(
    token: string,
    settings: OauthSettings,
  ): Promise<{ issuer: string; outcome: Verified }> {
    const { issuer, jwks_uri: keysUrl = '' } = (await clientFor(settings)).client.serverMetadata()
    const { clientId, signingAlgorithm } = settings
    const key = JSON.stringify([issuer, keysUrl, clientId, signingAlgorithm])
    if (kept?.key !== key) kept = { key, verifier: await open() }
    return { issuer, outcome: await kept.verifier.verify(token) }

    async function open(): Promise<LogoutTokenVerifier> {
      const { createLogoutTokenVerifier } = await import('@porchlight/trusted-header/assertion')
      const source = parseKeySource(keysUrl)
      if ('problem' in source) throw new Error(`The keys of the issuer cannot be read: ${source.problem}`)
      return createLogoutTokenVerifier({
        keys: source.keys,
        issuer,
        audience: clientId,
        algorithms: [signingAlgorithm],
        clock,
        onProblem: (reason) => logger.warn({ reason }, 'keys for sign-outs could not be read'),
      })
    }
  }
}

export type IssuerLogout = ReturnType<typeof createIssuerLogout>
