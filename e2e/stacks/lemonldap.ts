import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listens } from './child-program.ts'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

/** The household as the portal knows it; each password is the login name. */
export type PortalAccount = 'gran' | 'admin' | 'anna'

export type Portal = {
  /** Where proxies reach it, such as `127.0.0.1:40001`. */
  address: string
}

/** The names under which browsers see the app and the portal, both behind the same proxy. */
export type PublicNames = { domain: string; app: string; auth: string; port: number }

/** Starts LemonLDAP::NG (portal, forward auth, nginx auth) with its state in the stage's folder. */
export async function startLemonldap(
  stage: Stage,
  names: PublicNames,
  /** Settings of its own over those of the household, and where it listens. */
  { port, more }: { port?: number; more?: Record<string, unknown> } = {},
): Promise<Portal> {
  const at = port ?? (await freePort())
  const state = stage.folder('lemonldap')
  for (const part of ['conf', 'sessions/lock', 'psessions/lock', 'cache'])
    mkdirSync(join(state, part), { recursive: true })
  writeFileSync(
    join(state, 'conf/lmConf-1.json'),
    JSON.stringify({ ...configuration(state, names), ...more }),
  )
  const ini = join(state, 'lemonldap-ng.ini')
  writeFileSync(ini, iniFile(state))

  await stage.start({
    name: 'lemonldap',
    command: 'plackup',
    args: [
      '-s',
      'Standalone',
      '-E',
      'deployment',
      '--no-default-middleware',
      '-o',
      '127.0.0.1',
      '-p',
      String(at),
      join(import.meta.dirname, 'lemonldap.psgi'),
    ],
    env: { LLNG_DEFAULTCONFFILE: ini, LLNG_DEFAULTLOGGER: 'Lemonldap::NG::Common::Logger::Std' },
    ready: () => listens(at),
  })
  return { address: `127.0.0.1:${at}` }
}

/** Requests with this in their query pass the portal without a login, and without identity headers from it. */
const unprotectedPath = '[?&]unprotected=1'

function configuration(state: string, { domain, app, auth, port }: PublicNames) {
  const sessionFolder = (name: string) => ({
    Directory: join(state, name),
    LockDirectory: join(state, name, 'lock'),
    generateModule: 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256',
  })
  return {
    cfgNum: 1,
    cfgVersion: '2.16.1',
    cfgAuthor: 'e2e',
    cfgDate: '1700000000',
    portal: `https://${auth}:${port}/`,
    domain,
    cookieName: 'lemonldap',
    securedCookie: 1,
    httpOnly: 1,
    key: 'only-for-tests-0',
    timeout: 72_000,
    requireToken: 0,
    captcha: '::Captcha::Nothing',
    authentication: 'Demo',
    userDB: 'Same',
    passwordDB: 'Demo',
    registerDB: 'Null',
    demoExportedVars: { cn: 'cn', mail: 'mail', uid: 'uid' },
    exportedVars: {},
    groups: {},
    applicationList: {},
    portalSkin: 'bootstrap',
    cspFormAction: '*',
    macros: { _whatToTrace: 'lc($_user)' },
    whatToTrace: '_whatToTrace',
    notification: 0,
    loginHistoryEnabled: 0,
    // Fifteen seconds by default, during which a signed-out cookie would go on working.
    handlerInternalCache: 0,
    locationRules: {
      [auth]: { default: 'accept' },
      // Everybody may pass here, and the portal names nobody: what a bypass rule of other portals does.
      [app]: { [`(?#open)${unprotectedPath}`]: 'unprotect', default: 'accept' },
    },
    exportedHeaders: {
      [app]: {
        'Remote-User': '$uid',
        'Remote-Email': '$mail',
        'Remote-Name': '$cn',
        'Remote-Groups': '$groups',
      },
    },
    vhostOptions: { [app]: { vhostPort: port, vhostHttps: 1 } },
    globalStorage: 'Apache::Session::File',
    globalStorageOptions: sessionFolder('sessions'),
    persistentStorage: 'Apache::Session::File',
    persistentStorageOptions: sessionFolder('psessions'),
    localSessionStorage: 'Cache::FileCache',
    localSessionStorageOptions: {
      cache_root: join(state, 'cache'),
      cache_depth: 3,
      default_expires_in: 600,
      directory_umask: '007',
      namespace: 'sessions',
    },
  }
}

function iniFile(state: string): string {
  const cacheOptions = `{'namespace'=>'conf','default_expires_in'=>600,'directory_umask'=>'007','cache_root'=>'${state}/cache','cache_depth'=>3}`
  return `[all]
logLevel = warn
[configuration]
type = File
dirName = ${state}/conf
localStorage = Cache::FileCache
localStorageOptions = ${cacheOptions}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
[handler]
status = 0
`
}
