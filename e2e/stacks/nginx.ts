import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Proxy, ProxyPlan } from './caddy.ts'
import { makeCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import { listens } from './child-program.ts'
import { fillIn, recipeFile } from './recipe-file.ts'
import type { Stage } from './stage.ts'

const recipes = join(import.meta.dirname, '../../deploy/nginx')

/** Starts nginx with the recipe of the deploy folder; only the lines marked YOURS are filled in. Root or not. */
export async function startNginx(stage: Stage, plan: ProxyPlan): Promise<Proxy> {
  const { names } = plan
  const dir = stage.folder('nginx')
  stage.folder('nginx/tmp')
  const certificate = makeCertificate(dir, [names.app, names.auth, 'localhost'])
  const recipe = readFileSync(
    recipeFile(dir, join(recipes, 'porchlight.conf'), { change: plan.change }),
    'utf8',
  )
  writeFileSync(
    join(dir, 'porchlight.conf'),
    fillIn('deploy/nginx/porchlight.conf', recipe, replacements(certificate, plan)),
  )
  const identity = recipeFile(dir, join(recipes, 'porchlight-identity.conf'), { secret: plan.secret })
  copyFileSync(identity, join(dir, 'porchlight-identity.conf'))
  writeFileSync(join(dir, 'nginx.conf'), nginxMainConfig(dir))

  await stage.start({
    name: 'nginx',
    command: '/usr/sbin/nginx',
    args: ['-p', dir, '-e', join(dir, 'error.log'), '-c', join(dir, 'nginx.conf')],
    ready: () => listens(names.port),
  })
  const site = (host: string) => `https://${host}:${names.port}`
  return {
    kind: 'nginx',
    appUrl: site(names.app),
    localUrl: site('localhost'),
    port: names.port,
    certificateFile: certificate.certificateFile,
  }
}

function replacements(
  certificate: Certificate,
  { names, portal, porchlight }: ProxyPlan,
): [string, string][] {
  return [
    ['server 127.0.0.1:2283;', `server ${porchlight.address};`],
    ['server 127.0.0.1:9091;', `server ${portal.address};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${names.port} ssl http2;`],
    ['server_name photos.example.com;', `server_name ${names.app} localhost;`],
    ['server_name auth.example.com;', `server_name ${names.auth};`],
    ['/api/authz/auth-request;', '/nginx-auth;'],
    ['/etc/ssl/photos.example.com.pem', certificate.certificateFile],
    ['/etc/ssl/photos.example.com.key', certificate.keyFile],
    ['/etc/ssl/auth.example.com.pem', certificate.certificateFile],
    ['/etc/ssl/auth.example.com.key', certificate.keyFile],
  ]
}

/** One foreground process without helpers, so that its pid is all there is to stop and no user has to change. */
export function nginxMainConfig(dir: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${dir}/tmp/${kind};`)
    .join(' ')
  return `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr notice;
events { worker_connections 512; }
http { access_log ${dir}/access.log; ${temporary} include porchlight.conf; }
`
}
