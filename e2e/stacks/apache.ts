import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Proxy, ProxyPlan } from './caddy.ts'
import { makeCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import { listens } from './child-program.ts'
import { oidcClient } from './oidc-provider.ts'
import { fillIn, recipeFile } from './recipe-file.ts'
import type { Stage } from './stage.ts'

const recipe = join(import.meta.dirname, '../../deploy/apache/porchlight.conf')

/** Starts Apache with the recipe of the deploy folder; only the lines marked YOURS are filled in. Root or not. */
export async function startApache(stage: Stage, plan: ProxyPlan): Promise<Proxy> {
  const { names } = plan
  const dir = stage.folder('apache')
  const certificate = makeCertificate(dir, [names.app, names.auth, 'localhost'])
  const site = readFileSync(recipeFile(dir, recipe, plan), 'utf8')
  writeFileSync(
    join(dir, 'porchlight.conf'),
    fillIn('deploy/apache/porchlight.conf', site, replacements(certificate, plan)),
  )
  writeFileSync(join(dir, 'portal.conf'), portalSite(certificate, plan))
  writeFileSync(join(dir, 'httpd.conf'), apacheMainConfig(dir, names.port))

  await stage.start({
    name: 'apache',
    command: '/usr/sbin/apache2',
    // One process, so that its pid is all there is to stop.
    args: ['-X', '-f', join(dir, 'httpd.conf')],
    ready: () => listens(names.port),
  })
  const url = (host: string) => `https://${host}:${names.port}`
  return {
    kind: 'apache',
    appUrl: url(names.app),
    localUrl: url('localhost'),
    port: names.port,
    certificateFile: certificate.certificateFile,
  }
}

function replacements(
  certificate: Certificate,
  { names, portal, porchlight }: ProxyPlan,
): [string, string][] {
  return [
    ['PORCHLIGHT_SITE photos.example.com', `PORCHLIGHT_SITE ${names.app}`],
    ['PORCHLIGHT_UPSTREAM 127.0.0.1:2283', `PORCHLIGHT_UPSTREAM ${porchlight.address}`],
    ['<VirtualHost *:443>', `<VirtualHost 127.0.0.1:${names.port}>\n\tServerAlias localhost`],
    ['/etc/ssl/photos.example.com.pem', certificate.certificateFile],
    ['/etc/ssl/photos.example.com.key', certificate.keyFile],
    [
      'OIDCProviderMetadataURL https://auth.example.com/realms/home/',
      `OIDCProviderMetadataURL http://${portal.address}/`,
    ],
    ['OIDCClientID porchlight', `OIDCClientID ${oidcClient.id}`],
    ['the-secret-the-portal-made-for-this-client', oidcClient.secret],
    ['https://${PORCHLIGHT_SITE}/oidc', `https://\${PORCHLIGHT_SITE}:${names.port}/oidc`],
    ['^https://auth\\.example\\.com/', `^https://${names.auth.replaceAll('.', '\\.')}:${names.port}/`],
  ]
}

/** The portal's own site, which a household has already. */
function portalSite({ certificateFile, keyFile }: Certificate, { names, portal }: ProxyPlan): string {
  return `<VirtualHost 127.0.0.1:${names.port}>
	ServerName ${names.auth}
	SSLEngine on
	SSLCertificateFile ${certificateFile}
	SSLCertificateKeyFile ${keyFile}
	RequestHeader set X-Forwarded-Proto https early
	ProxyPreserveHost On
	ProxyPass / http://${portal.address}/
</VirtualHost>
`
}

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'env', 'setenvif']
  .concat(['headers', 'rewrite', 'proxy', 'proxy_http', 'socache_shmcb', 'ssl'])
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')

export function apacheMainConfig(dir: string, port: number): string {
  const user = process.getuid?.() === 0 ? 'User nobody\nGroup nogroup\n' : ''
  return `ServerRoot ${dir}
ServerName localhost
${user}PidFile ${dir}/httpd.pid
ErrorLog /dev/stderr
LogLevel warn
Mutex file:${dir}
DefaultRuntimeDir ${dir}
Listen 127.0.0.1:${port}
StartServers 1
ServerLimit 1
ThreadsPerChild 32
MaxRequestWorkers 32
${modules}
Include ${dir}/porchlight.conf
Include ${dir}/portal.conf
`
}
