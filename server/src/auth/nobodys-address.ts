import type { Verdict } from '@porchlight/trusted-header'

/**
 * Below `.invalid` there is nobody, whoever vouches and whatever the settings say (RFC 6761, section 6.4): what the sign-in
 * check makes up can be nobody's account.
 */
export function refuseNobodys(verdict: Verdict): Verdict {
  if ('refused' in verdict || !/[@.]invalid$/i.test(verdict.identity.email)) return verdict
  return { refused: 'bad_email', fromProxy: true }
}
