import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './child-program.ts'
import { freePort } from './free-port.ts'
import type { Stage } from './stage.ts'

const repository = join(import.meta.dirname, '../..')

export type Porchlight = Program & {
  /** Without a slash at the end, such as `http://127.0.0.1:40003`. */
  url: string
  address: string
  port: number
  dataDir: string
  /** Where it listens as well, if the plan says so. */
  socketPath?: string
}

export type PorchlightPlan = {
  name?: string
  /** The folder of an earlier run, to go on with what it left. */
  dataDir?: string
  /** Written as the config file. */
  config?: Record<string, unknown>
  env?: Record<string, string>
  /** Also listens on a unix socket in the stage's folder. */
  unixSocket?: true
}

/** Starts the real server on a free port of 127.0.0.1, on SQLite, with all defaults unless the plan says else. */
export async function startPorchlight(stage: Stage, plan: PorchlightPlan = {}): Promise<Porchlight> {
  const { name = 'porchlight', config } = plan
  const dataDir = plan.dataDir ?? stage.folder(`${name}-data`)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env: Record<string, string> = { PORCHLIGHT_HOST: '127.0.0.1', PORCHLIGHT_PORT: String(port) }
  const socketPath = join(stage.dir, `${name}.sock`)
  if (plan.unixSocket) env['PORCHLIGHT_LISTEN'] = `127.0.0.1:${port}, unix:${socketPath}`
  if (config !== undefined) {
    env['PORCHLIGHT_CONFIG_FILE'] = join(stage.dir, `${name}.json`)
    writeFileSync(env['PORCHLIGHT_CONFIG_FILE'], JSON.stringify(config))
  }

  const program = await stage.start({
    name,
    command: process.execPath,
    args: ['server/src/main.ts'],
    cwd: repository,
    env: { ...env, PORCHLIGHT_DATA_DIR: dataDir, ...plan.env },
    ready: async () => (await fetch(`${url}/api/server/ping`)).ok,
  })
  const place = { url, address: `127.0.0.1:${port}`, port, dataDir }
  return plan.unixSocket ? { ...program, ...place, socketPath } : { ...program, ...place }
}
