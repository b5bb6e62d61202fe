import { spawn, spawnSync } from 'node:child_process'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A PostgreSQL server of our own in a temporary folder, reached by a unix socket in it. PostgreSQL refuses to run as
 * root, so then it runs as `nobody`.
 */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1)
  if (!programs) throw new Error('PostgreSQL is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-postgres-'))
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (asNobody.uid) chownSync(folder, asNobody.uid, asNobody.gid)
  const data = join(folder, 'data')

  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'porchlight', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
    {
      ...asNobody,
      cwd: folder,
      encoding: 'utf8',
    },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    {
      ...asNobody,
      cwd: folder,
      stdio: 'ignore',
    },
  )
  await untilReady(join(programs, 'pg_isready'), folder)
  return {
    url: `postgresql://porchlight@localhost/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(isReady: string, socketFolder: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (spawnSync(isReady, ['-h', socketFolder, '-U', 'porchlight']).status === 0) return
    await sleep(100)
  }
  throw new Error('PostgreSQL did not start within 10 s')
}
