import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What the tests run beside Node: the file that shows a package is there, and the Debian package. */
const programs: readonly (readonly [file: string, debianPackage: string])[] = [
  ['caddy', 'caddy'],
  ['nginx', 'nginx-light'],
  ['haproxy', 'haproxy'],
  ['apache2', 'apache2'],
  ['/usr/lib/apache2/modules/mod_auth_openidc.so', 'libapache2-mod-auth-openidc'],
  ['plackup', 'lemonldap-ng-fastcgi-server'],
  ['/usr/share/perl5/Lemonldap/NG/Handler/Server/Traefik.pm', 'lemonldap-ng-fastcgi-server'],
  ['/usr/share/perl5/Lemonldap/NG/Portal.pm', 'liblemonldap-ng-portal-perl'],
  ['/usr/share/perl5/IO/String.pm', 'libio-string-perl'],
  ['/usr/share/perl5/String/Random.pm', 'libstring-random-perl'],
  ['chromium', 'chromium'],
  ['/usr/lib/postgresql/*/bin/initdb', 'postgresql'],
  ['ffmpeg', 'ffmpeg'],
  ['perl', 'perl'],
  ['openssl', 'openssl'],
  ['heif-enc', 'libheif-examples'],
]

/**
 * Makes sure the real programs are there that the tests start: proxies, portal, browser, database, media tools.
 * As root on Debian it installs what is missing; otherwise it ends the process with the command that would.
 */
export function ensureTestPrograms(): void {
  const missing = missingPackages()
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`The tests need programs that are not here. Install them, for example: sudo ${command}`)
    process.exit(1)
  }
  console.log(`Installing what the tests start beside Node: ${missing.join(', ')}…`)
  withoutStartingServices(() => {
    runApt(['update', '-q'])
    runApt(command.split(' ').slice(1))
  })
  const stillMissing = missingPackages()
  if (stillMissing.length === 0) return
  console.error(`Still missing after the installation: ${stillMissing.join(', ')}`)
  process.exit(1)
}

export function missingPackages(): string[] {
  return [...new Set(programs.filter(([file]) => !isThere(file)).map(([, debianPackage]) => debianPackage))]
}

function isThere(file: string): boolean {
  if (file.startsWith('/')) return globSync(file).length > 0
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  return folders.some((folder) => isExecutable(join(folder, file)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function runApt(args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    console.error(`apt-get ${args.join(' ')} failed:\n${stderr}`)
    process.exit(1)
  }
}

/** Debian starts a service as soon as it is installed, unless this file says no (Debian Policy 9.3.3.1). */
function withoutStartingServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return install()
  const remove = () => rmSync(policy, { force: true })
  process.once('exit', remove)
  writeFileSync(policy, '#!/bin/sh\nexit 101\n')
  chmodSync(policy, 0o755)
  try {
    install()
  } finally {
    remove()
    process.off('exit', remove)
  }
}
