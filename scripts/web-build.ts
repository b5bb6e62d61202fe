import { spawnSync } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Builds the web client into `web/build` unless what is there is newer than every source of it. */
export async function ensureWebBuild(root: string): Promise<void> {
  const web = join(root, 'web')
  if (isFresh(web)) return
  process.stderr.write('Building the web client (once; some ten seconds)…\n')
  const built = spawnSync('npm', ['run', 'build', '--workspace', 'web', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  if (built.status === 0) return
  process.stderr.write(`${built.stdout}\n${built.stderr}\nThe web client could not be built.\n`)
  process.exit(1)
}

function isFresh(web: string): boolean {
  const page = join(web, 'build/index.html')
  if (!existsSync(page)) return false
  const built = statSync(page).mtimeMs
  const sources = globSync(['src/**/*', 'static/**/*', '*.{json,ts}'], { cwd: web })
  return sources.every((source) => statSync(join(web, source)).mtimeMs <= built)
}
