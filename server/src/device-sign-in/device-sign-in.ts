export { appAddressOf, readCameBack, withQuery, type AppAddress } from './app-address.ts'
export { challengeOf, newVerifier } from './code-challenge.ts'

/** What a one-time code stands for. */
export type DeviceGrant = {
  userId: string
  /** Where the code was sent to, without query. */
  redirectUri: string
  codeChallenge: string
  /** When the proxy vouched for the person who said yes; the code ends a minute later. */
  vouchedAt: Date
}

/** The port: codes that count once. Only their hashes are kept. */
export type DeviceCodes = {
  /** @returns the code */
  add(grant: DeviceGrant): Promise<string>
  /**
   * Takes the code out of the world, whatever it is then good for: who has it but not what belongs to it does not get a
   * second try.
   */
  take(code: string): Promise<{ grant: DeviceGrant; isOver: boolean } | undefined>
}
