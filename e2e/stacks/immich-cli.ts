import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const cliFolder = dirname(dirname(createRequire(import.meta.url).resolve('@immich/cli')))

export type CliRun = { code: number; output: string }

export type Cli = {
  /** Runs `immich <args>` to its end. */
  run: (...args: string[]) => Promise<CliRun>
}

/** Immich's own command line from npm, with a configuration folder of its own. */
export function immichCli(configFolder: string, env: Record<string, string> = {}): Cli {
  const bin = join(cliFolder, 'bin/immich')
  return {
    run: (...args) =>
      new Promise((resolve) => {
        const options = {
          env: { ...process.env, ...env, IMMICH_CONFIG_DIR: configFolder },
          maxBuffer: 2 ** 24,
        }
        execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) =>
          resolve({
            code: typeof error?.code === 'number' ? error.code : error ? 1 : 0,
            output: stdout + stderr,
          }),
        )
      }),
  }
}
