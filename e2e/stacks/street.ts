import { moveIn } from '../../scripts/household-people.ts'
import type { HouseholdMember, PersonName } from '../../scripts/household-people.ts'
import type { Proxy, ProxyPlan } from './caddy.ts'
import { freePort } from './free-port.ts'
import type { PublicNames } from './lemonldap.ts'
import { lemonldap } from './portals.ts'
import type { PortalKind } from './portals.ts'
import { startPorchlight } from './porchlight.ts'
import type { Porchlight } from './porchlight.ts'
import type { Stage } from './stage.ts'

/** Everything between a person's browser and her photos. */
export type Street = {
  names: PublicNames
  portal: PortalKind
  porchlight: Porchlight
  proxy: Proxy
  members: Record<PersonName, HouseholdMember>
}

export type StartProxy = (stage: Stage, plan: ProxyPlan) => Promise<Proxy>

/** Portal, proxy and Porchlight, as a household would run them; Porchlight trusts the proxy's address only. */
export async function buildStreet(
  stage: Stage,
  startProxy: StartProxy,
  portalKind: PortalKind = lemonldap,
): Promise<Street> {
  const domain = 'photos.test'
  const names = { domain, app: `app.${domain}`, auth: `auth.${domain}`, port: await freePort() }
  const signOutUrl = portalKind.signOutUrl(names)
  const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'], signOutUrl }
  const [portal, porchlight] = await Promise.all([
    portalKind.start(stage, names),
    startPorchlight(stage, { config: { trustedHeader } }),
  ])
  const proxy = await startProxy(stage, { names, portal, porchlight })
  return { names, portal: portalKind, porchlight, proxy, members: await moveIn(porchlight.url) }
}
