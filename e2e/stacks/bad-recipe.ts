import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apacheMainConfig } from './apache.ts'
import { listens } from './child-program.ts'
import { freePort } from './free-port.ts'
import { nginxMainConfig } from './nginx.ts'
import { fillIn } from './recipe-file.ts'
import type { Stage } from './stage.ts'

const folder = join(import.meta.dirname, '../bad-recipes')
const lua = join(import.meta.dirname, '../../deploy/haproxy/porchlight-portal.lua')

type Places = { portal: { address: string }; porchlight: { address: string } }
type Program = { command: string; args: string[]; env?: Record<string, string> }

/** Starts the proxy that the file is for, without TLS. @returns the port it listens on */
export async function startBadRecipe(stage: Stage, file: string, places: Places): Promise<number> {
  const port = await freePort()
  const dir = stage.folder(file)
  stage.folder(`${file}/tmp`)
  const recipe = readFileSync(join(folder, file), 'utf8')
  const portal: [string, string][] = recipe.includes(':9091')
    ? [['127.0.0.1:9091', places.portal.address]]
    : []
  const config = fillIn(file, recipe, [
    ['127.0.0.1:8080', `127.0.0.1:${port}`],
    ['127.0.0.1:2283', places.porchlight.address],
    ...portal,
  ])
  await stage.start({ name: file, ready: () => listens(port), ...programFor(file, { dir, config, port }) })
  return port
}

function programFor(
  file: string,
  { dir, config, port }: { dir: string; config: string; port: number },
): Program {
  const path = join(dir, 'porchlight.conf')
  writeFileSync(path, file.startsWith('caddy') ? `{\n\tadmin off\n}\n${config}` : config)
  if (file.startsWith('caddy')) {
    const env = { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir }
    return { command: 'caddy', args: ['run', '--config', path, '--adapter', 'caddyfile'], env }
  }
  if (file.startsWith('haproxy')) {
    return { command: '/usr/sbin/haproxy', args: ['-db', '-f', path], env: { PORCHLIGHT_LUA: lua } }
  }
  const main = join(dir, 'main.conf')
  if (file.startsWith('nginx')) {
    writeFileSync(main, nginxMainConfig(dir))
    return { command: '/usr/sbin/nginx', args: ['-p', dir, '-e', join(dir, 'error.log'), '-c', main] }
  }
  writeFileSync(join(dir, 'portal.conf'), '')
  writeFileSync(main, apacheMainConfig(dir, port))
  return { command: '/usr/sbin/apache2', args: ['-X', '-f', main] }
}
