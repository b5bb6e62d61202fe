import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { listens } from './child-program.ts'
import type { Portal, PublicNames } from './lemonldap.ts'
import { recipeFile } from './recipe-file.ts'
import type { RecipeChange } from './recipe-file.ts'
import type { Stage } from './stage.ts'

const recipe = join(import.meta.dirname, '../../deploy/caddy/Caddyfile')

export type ProxyPlan = RecipeChange & {
  names: PublicNames
  portal: Portal
  porchlight: { address: string }
}

export type Proxy = {
  /** `caddy` or `nginx`, for titles and messages. */
  kind: string
  /** The app as browsers see it, such as `https://app.photos.test:40002`. */
  appUrl: string
  /** The same app under a name every program resolves: `https://localhost:…`. */
  localUrl: string
  port: number
  /** The certificate (PEM) that a client without a browser has to trust. */
  certificateFile: string
}

/** Starts Caddy with the recipe of the deploy folder, TLS by Caddy's own authority, on 127.0.0.1 only. */
export async function startCaddy(stage: Stage, plan: ProxyPlan): Promise<Proxy> {
  const { names, portal, porchlight } = plan
  const dir = stage.folder('caddy')
  const config = join(dir, 'Caddyfile')
  const site = (host: string) => `https://${host}:${names.port}`
  writeFileSync(config, `${globalOptions}import ${recipeFile(dir, recipe, plan)}\n`)
  const certificateFile = join(dir, 'caddy/pki/authorities/local/root.crt')

  await stage.start({
    name: 'caddy',
    command: 'caddy',
    args: ['run', '--config', config, '--adapter', 'caddyfile'],
    env: {
      HOME: dir,
      XDG_DATA_HOME: dir,
      XDG_CONFIG_HOME: dir,
      PORCHLIGHT_SITE: `${site(names.app)}, ${site('localhost')}`,
      PORCHLIGHT_UPSTREAM: porchlight.address,
      PORCHLIGHT_PORTAL_SITE: site(names.auth),
      PORCHLIGHT_PORTAL: portal.address,
      PORCHLIGHT_PORTAL_URI: '/forward-auth',
    },
    ready: async () =>
      (await listens(names.port)) &&
      (await haveCertificates(names.port, [names.app, names.auth, 'localhost'])),
  })
  return {
    kind: 'caddy',
    appUrl: site(names.app),
    localUrl: site('localhost'),
    port: names.port,
    certificateFile,
  }
}

/** Caddy listens before its own authority has signed for every name: until then a handshake ends in an alert. */
async function haveCertificates(port: number, hosts: readonly string[]): Promise<boolean> {
  return (await Promise.all(hosts.map((host) => shakesHands(port, host)))).every(Boolean)
}

function shakesHands(port: number, servername: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false })
    const answer = (good: boolean) => {
      socket.destroy()
      resolve(good)
    }
    socket.once('secureConnect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}

const globalOptions = `{
	admin off
	local_certs
	skip_install_trust
	auto_https disable_redirects
	default_bind 127.0.0.1
}
`
