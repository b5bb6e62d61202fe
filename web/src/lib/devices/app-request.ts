import type { AppRequest } from './device-api.ts'

/** What the app wrote into the address of the page that it opened; undefined where it is no app's. */
export function appRequestIn(parameters: URLSearchParams): AppRequest | undefined {
  const redirectUri = parameters.get('redirect_uri')
  const state = parameters.get('state')
  const codeChallenge = parameters.get('code_challenge')
  if (!redirectUri || !state || !codeChallenge) return undefined
  return { redirectUri, state, codeChallenge }
}

/** Whether the answer goes to this very site in a browser, not to an app. */
export const isForBrowser = ({ redirectUri }: Pick<AppRequest, 'redirectUri'>, origin: string): boolean =>
  redirectUri === `${origin}/auth/login`
