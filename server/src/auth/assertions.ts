import type { AssertionFound } from '@porchlight/trusted-header'
import type { AssertionVerifier } from '@porchlight/trusted-header/assertion'
import { parseKeySource } from '@porchlight/trusted-header'
import type { TrustedHeaderSettings } from '../config/trusted-header-settings.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'

type AssertionSettings = TrustedHeaderSettings['assertion']

/** Verifies signed assertions by the settings in force. */
export type Assertions = { verify(token: string, settings: AssertionSettings): Promise<AssertionFound> }

/** Keeps the verifier of the settings that were last in force, with its keys and what it remembers. */
export function createAssertions({ clock, logger }: { clock: Clock; logger: Logger }): Assertions {
  let kept: { settings: AssertionSettings; verifier: Promise<AssertionVerifier> } | undefined

  return {
    async verify(token, settings) {
      if (kept?.settings !== settings) kept = { settings, verifier: open(settings) }
      return (await kept.verifier).verify(token)
    },
  }

  /** The library is loaded only where it is used: most households have no assertions. */
  async function open({ jwksUrl, issuer, audience, algorithms }: AssertionSettings) {
    const { createAssertionVerifier } = await import('@porchlight/trusted-header/assertion')
    const source = parseKeySource(jwksUrl)
    if ('problem' in source) throw new Error('settings were used that did not validate')
    return createAssertionVerifier({
      keys: source.keys,
      issuer,
      audience: audiencesIn(audience),
      algorithms,
      clock,
      onProblem: (reason) => logger.warn({ reason }, 'the keys of the login service could not be read'),
    })
  }
}

/** Several stand between blanks or commas. */
export const audiencesIn = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '')
