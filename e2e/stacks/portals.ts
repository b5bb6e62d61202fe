import { startLemonldap } from './lemonldap.ts'
import type { Portal, PortalAccount, PublicNames } from './lemonldap.ts'
import { oidcCookie } from './oidc-cookie.ts'
import { signedOutUrl, startOidcProvider } from './oidc-provider.ts'
import { portalCookie } from './portal-cookie.ts'
import type { Stage } from './stage.ts'

/** A kind of portal, and what a household tells Porchlight of it. */
export type PortalKind = {
  start(stage: Stage, names: PublicNames): Promise<Portal>
  signOutUrl(names: PublicNames): string
  /** Leads away from the portal without the app's help. */
  leave(names: PublicNames): string
  /** Signs in and returns what the browser then sends to the app: a `Cookie` header line. */
  cookie(names: PublicNames, account: PortalAccount): Promise<string>
  /** Requests that it lets pass without a name by a rule of its own; `undefined`: it has no such rules. */
  unprotected: string | undefined
}

const originOf = ({ auth, port }: PublicNames) => `https://${auth}:${port}`

export const lemonldap: PortalKind = {
  start: startLemonldap,
  signOutUrl: (names) => `${originOf(names)}/?logout=1`,
  leave: (names) => `${originOf(names)}/?logout=1`,
  cookie: portalCookie,
  unprotected: 'unprotected=1',
}

/** OpenID Connect, where the proxy itself is the client (Apache with mod_auth_openidc). */
export const oidcProvider: PortalKind = {
  start: (stage, names) => startOidcProvider(stage, names),
  signOutUrl: (names) =>
    `https://${names.app}:${names.port}/oidc/callback?logout=${encodeURIComponent(signedOutUrl(names))}`,
  leave: (names) => `${originOf(names)}/session/end`,
  cookie: oidcCookie,
  unprotected: undefined,
}
