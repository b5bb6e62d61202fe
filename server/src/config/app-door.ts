import { systemConfigDefaults, type SystemConfig } from './system-config.ts'

/** `forApps`: only apps have a use for it; a browser that the proxy lets through is signed in already. */
export type AppDoor = { enabled: boolean; autoLaunch: boolean; buttonText: string; forApps?: true }

/**
 * What clients are told of signing in by way of a browser: by OpenID Connect, or where the proxy vouches for people by
 * its word.
 */
export function appDoorOf({ oauth, trustedHeader }: SystemConfig): AppDoor {
  const { enabled, autoLaunch, buttonText } = oauth
  if (enabled || !trustedHeader.enabled) return { enabled, autoLaunch, buttonText }
  const isUsual = buttonText === systemConfigDefaults.oauth.buttonText
  return {
    enabled: true,
    autoLaunch: false,
    buttonText: isUsual ? 'Sign in as in the browser' : buttonText,
    forApps: true,
  }
}
