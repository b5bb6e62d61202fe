import { join } from 'node:path'
import type { Proxy, ProxyPlan } from './caddy.ts'
import { makeCertificate } from './certificate.ts'
import { listens } from './child-program.ts'
import { recipeFile } from './recipe-file.ts'
import type { Stage } from './stage.ts'

const recipes = join(import.meta.dirname, '../../deploy/haproxy')

/** Starts HAProxy with the recipe of the deploy folder, as it is: all that is a household's own comes by environment. */
export async function startHaproxy(stage: Stage, plan: ProxyPlan): Promise<Proxy> {
  const { names, portal, porchlight } = plan
  const dir = stage.folder('haproxy')
  const { certificateFile, bothFile } = makeCertificate(dir, [names.app, names.auth, 'localhost'])
  await stage.start({
    name: 'haproxy',
    command: '/usr/sbin/haproxy',
    args: ['-db', '-f', recipeFile(dir, join(recipes, 'haproxy.cfg'), plan)],
    env: {
      PORCHLIGHT_LUA: join(recipes, 'porchlight-portal.lua'),
      PORCHLIGHT_BIND: `127.0.0.1:${names.port}`,
      PORCHLIGHT_CERTIFICATE: bothFile,
      PORCHLIGHT_UPSTREAM: porchlight.address,
      PORCHLIGHT_PORTAL_HOST: names.auth,
      PORCHLIGHT_PORTAL: portal.address,
      PORCHLIGHT_PORTAL_URI: '/forward-auth',
    },
    ready: () => listens(names.port),
  })
  const site = (host: string) => `https://${host}:${names.port}`
  return {
    kind: 'haproxy',
    appUrl: site(names.app),
    localUrl: site('localhost'),
    port: names.port,
    certificateFile,
  }
}
