import { spawn } from 'node:child_process'

/** Requests per second that `wrk` gets through one core, with 20 connections. */
export async function requestsPerSecond(
  url: string,
  { headers = {}, seconds = 3 }: { headers?: Record<string, string>; seconds?: number } = {},
): Promise<number> {
  const asFlags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const output = await run('wrk', ['-t1', '-c20', `-d${seconds}s`, ...asFlags, url])
  if (/Non-2xx/.test(output)) throw new Error(`${url} answered errors:\n${output}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', () => reject(new Error('The bench needs wrk: apt-get install wrk')))
    child.on('close', () => resolve(output))
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
