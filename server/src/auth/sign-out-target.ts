import type { SettingsInForce } from '../config/settings.ts'
import { cameByHttps } from './arrival.ts'
import type { RequestView } from './request-view.ts'

/** Signs nobody in by itself. */
const signedOutPage = '/auth/signed-out'

/** Where a browser goes once its sessions here have ended: to the login service, which may lead back to our own page. */
export function whereSignOutGoes(
  request: Pick<RequestView, 'headers' | 'raw'>,
  { config, policy }: SettingsInForce,
): string {
  const template = config.trustedHeader.signOutUrl
  if (template === '') return signedOutPage
  const origin = ownOrigin(request, { config, policy })
  return template.replaceAll('{return}', encodeURIComponent(origin + signedOutPage))
}

/** Where people reach us, `https://photos.example.com`: as the settings say, else as this request came. */
export function ownOrigin(
  request: Pick<RequestView, 'headers' | 'raw'>,
  { config, policy }: Pick<SettingsInForce, 'config' | 'policy'>,
): string {
  const { externalDomain } = config.server
  if (externalDomain !== '') return externalDomain.replace(/\/$/, '')
  const scheme = cameByHttps(request, policy) ? 'https' : 'http'
  return `${scheme}://${ownHost(request.headers.host ?? '', policy.allowedHosts ?? [])}`
}

/** The name we were called by, unless somebody made it up: then the first of those that we know. */
function ownHost(named: string, allowed: readonly string[]): string {
  const host = named.toLowerCase()
  const isOurs = allowed.length === 0 || allowed.includes(host) || allowed.includes(host.replace(/:\d+$/, ''))
  return isOurs ? host : (allowed[0] ?? '')
}
