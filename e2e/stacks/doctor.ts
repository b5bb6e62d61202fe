import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Proxy } from './caddy.ts'
import type { Porchlight } from './porchlight.ts'
import type { Stage } from './stage.ts'

/** One finding of the sign-in check. */
export type Finding = {
  id: string
  level: 'good' | 'warn' | 'bad' | 'unknown'
  title: string
  reason: string
  sent?: string
  arrived?: string
  mend?: { proxy: string; where: string; lines: string[] }
}

export type Diagnosis = { code: number; findings: Finding[]; text: string }

/** Runs `porchlight doctor` as a household would: on the server's own data, against the public address. */
export async function runDoctor({
  stage,
  porchlight,
  proxy,
  cookie,
  words = ['--json'],
}: {
  stage: Stage
  porchlight: Porchlight
  proxy: Proxy
  /** Of the login service, such as `portal=gran`. */
  cookie?: string
  words?: string[]
}): Promise<Diagnosis> {
  // No name server knows the public name here.
  const where = [proxy.appUrl, '--via', `127.0.0.1:${proxy.port}`]
  const said = await run([...where, ...(cookie === undefined ? [] : ['--cookie', cookie]), ...words], {
    PORCHLIGHT_DATA_DIR: porchlight.dataDir,
    PORCHLIGHT_CONFIG_FILE: join(stage.dir, `${porchlight.name}.json`),
    NODE_EXTRA_CA_CERTS: proxy.certificateFile,
  })
  const isJson = words.includes('--json') && said.out.startsWith('[')
  return {
    code: said.code,
    findings: isJson ? (JSON.parse(said.out) as Finding[]) : [],
    text: `${said.out}${said.err}`,
  }
}

function run(
  words: string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  const program = join(import.meta.dirname, '../../server/src/command-line.ts')
  const child = spawn(process.execPath, [program, 'doctor', ...words], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, ...said }))
  })
}
