import type { ClientFor } from './issuer-client.ts'
import type { OauthSettings } from './openid-connect.ts'

type Leaving = { settings: OauthSettings; idToken: string | null; returnTo: string }

/**
 * Where a browser signs out at the issuer as well (OpenID Connect RP-Initiated Logout 1.0); undefined where the issuer
 * names no such place, or does not answer: then signing out ends here.
 */
export function createSignOutAddress({ clientFor }: { clientFor: ClientFor }) {
  return async function signOutAddress({
    settings,
    idToken,
    returnTo,
  }: Leaving): Promise<string | undefined> {
    if (!settings.enabled) return undefined
    const endpoint = settings.endSessionEndpoint || (await endpointOf(settings))
    if (endpoint === undefined || !/^https?:/i.test(endpoint) || !URL.canParse(endpoint)) return undefined
    const url = new URL(endpoint)
    const parameters = {
      ...(idToken !== null && { id_token_hint: idToken }),
      client_id: settings.clientId,
      post_logout_redirect_uri: returnTo,
    }
    // What an admin wrote into the address stays.
    for (const [name, value] of Object.entries(parameters))
      if (!url.searchParams.has(name)) url.searchParams.set(name, value)
    return url.href
  }

  async function endpointOf(settings: OauthSettings): Promise<string | undefined> {
    const issuer = await clientFor(settings).catch(() => undefined)
    return issuer?.client.serverMetadata().end_session_endpoint
  }
}
