import type * as OpenidClient from 'openid-client'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { issuerFetch } from './issuer-fetch.ts'
import { OauthProblem, reasonOf, type OauthSettings } from './openid-connect.ts'

/** The library, loaded only where it is used: most households have no issuer beside their proxy. */
export type OpenidLibrary = typeof OpenidClient
export type IssuerClient = { library: OpenidLibrary; client: OpenidClient.Configuration }

/** How long the issuer's description of itself is believed, in milliseconds. */
const lifetime = 60 * 60 * 1000
/** So long at most somebody waits for it, in milliseconds; a second try is in it. */
const patience = 5000
/** How far the issuer's clock may be from ours, in seconds. */
const skew = 60

type Kept = { key: string; until: number; client: Promise<IssuerClient> }

/** Knows the issuer of the settings in force. What it says of itself is kept for an hour; a failure is not kept. */
export function createIssuerClients({ clock, logger }: { clock: Clock; logger: Logger }) {
  let kept: Kept | undefined

  /** @throws {OauthProblem} `issuer_unreachable` within five seconds */
  return async function clientFor(settings: OauthSettings): Promise<IssuerClient> {
    const key = JSON.stringify(settings)
    const now = clock.now().getTime()
    if (kept?.key === key && now < kept.until) return kept.client
    const mine: Kept = { key, until: now + lifetime, client: discover(settings) }
    kept = mine
    try {
      return await mine.client
    } catch (error) {
      if (kept === mine) kept = undefined
      logger.warn(
        { reason: reasonOf(error) },
        'the issuer of OpenID Connect could not be asked what it offers',
      )
      throw new OauthProblem('issuer_unreachable', error)
    }
  }
}

export type ClientFor = ReturnType<typeof createIssuerClients>

/** A connection that breaks at once may have been an old one: the second try has what is left of the time. */
async function discover(settings: OauthSettings): Promise<IssuerClient> {
  const library = await import('openid-client')
  const end = Date.now() + Math.min(settings.timeout, patience)
  try {
    return { library, client: await ask(library, settings, end) }
  } catch (error) {
    if (end - Date.now() < 1000) throw error
    return { library, client: await ask(library, settings, end) }
  }
}

async function ask(
  library: OpenidLibrary,
  settings: OauthSettings,
  end: number,
): Promise<OpenidClient.Configuration> {
  const { issuerUrl, clientId, clientSecret, allowInsecureRequests } = settings
  const { signingAlgorithm, profileSigningAlgorithm } = settings
  const metadata = {
    id_token_signed_response_alg: signingAlgorithm,
    ...(profileSigningAlgorithm !== 'none' && { userinfo_signed_response_alg: profileSigningAlgorithm }),
    [library.clockTolerance]: skew,
  }
  const client = await library.discovery(
    new URL(issuerUrl),
    clientId,
    metadata,
    clientSecret === '' ? library.None() : authentication(library, settings),
    {
      timeout: Math.max(1, end - Date.now()) / 1000,
      [library.customFetch]: issuerFetch,
      execute: [
        // What the issuer signs is verified also where it came over TLS.
        library.enableNonRepudiationChecks,
        ...(allowInsecureRequests ? [library.allowInsecureRequests] : []),
      ],
    },
  )
  client.timeout = settings.timeout / 1000
  return client
}

function authentication(library: OpenidLibrary, { tokenEndpointAuthMethod, clientSecret }: OauthSettings) {
  return tokenEndpointAuthMethod === 'client_secret_basic'
    ? library.ClientSecretBasic(clientSecret)
    : library.ClientSecretPost(clientSecret)
}
