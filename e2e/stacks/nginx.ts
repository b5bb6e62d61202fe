import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Proxy, ProxyPlan } from './caddy.ts'
import { listens } from './child-program.ts'
import type { Stage } from './stage.ts'

const recipes = join(import.meta.dirname, '../../deploy/nginx')

/** Starts nginx with the recipe of the deploy folder; only the lines marked YOURS are filled in. Root or not. */
export async function startNginx(stage: Stage, plan: ProxyPlan): Promise<Proxy> {
  const { names } = plan
  const dir = stage.folder('nginx')
  stage.folder('nginx/tmp')
  const certificateFile = makeCertificate(dir, [names.app, names.auth, 'localhost'])
  writeFileSync(
    join(dir, 'porchlight.conf'),
    fillIn(readFileSync(join(recipes, 'porchlight.conf'), 'utf8'), dir, plan),
  )
  copyFileSync(join(recipes, 'porchlight-identity.conf'), join(dir, 'porchlight-identity.conf'))
  writeFileSync(join(dir, 'nginx.conf'), mainConfig(dir))

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
    certificateFile,
  }
}

/** Replaces what a household would replace. A line that is no longer there is an error, not a surprise. */
function fillIn(recipe: string, dir: string, { names, portal, porchlight }: ProxyPlan): string {
  const replacements: [string, string][] = [
    ['server 127.0.0.1:2283;', `server ${porchlight.address};`],
    ['server 127.0.0.1:9091;', `server ${portal.address};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${names.port} ssl http2;`],
    ['server_name photos.example.com;', `server_name ${names.app} localhost;`],
    ['server_name auth.example.com;', `server_name ${names.auth};`],
    ['/api/authz/auth-request;', '/nginx-auth;'],
    ['/etc/ssl/photos.example.com.pem', join(dir, 'site.pem')],
    ['/etc/ssl/photos.example.com.key', join(dir, 'site.key')],
    ['/etc/ssl/auth.example.com.pem', join(dir, 'site.pem')],
    ['/etc/ssl/auth.example.com.key', join(dir, 'site.key')],
  ]
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`deploy/nginx/porchlight.conf has no "${from}" any more`)
    return text.replaceAll(from, to)
  }, recipe)
}

function makeCertificate(dir: string, hosts: string[]): string {
  const file = join(dir, 'site.pem')
  const names = hosts.map((host) => `DNS:${host}`).join(',')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=porchlight tests',
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      join(dir, 'site.key'),
      '-out',
      file,
    ],
    { stdio: 'pipe' },
  )
  return file
}

/** One foreground process without helpers, so that its pid is all there is to stop and no user has to change. */
function mainConfig(dir: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${dir}/tmp/${kind};`)
    .join(' ')
  return `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr notice;
events { worker_connections 512; }
http { access_log ${dir}/access.log; ${temporary} include porchlight.conf; }
`
}
