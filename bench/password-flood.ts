import { readFileSync } from 'node:fs'
import { startBenchServer, type BenchServer } from './bench-server.ts'
import { median, requestsPerSecond } from './load.ts'

const guessers = 100

/**
 * What is left of the rate of `ping` while a hundred people at once try wrong passwords, how long a sign-in by header
 * takes meanwhile, and what the server grows by. Each round compares with an idle one before it.
 */
export async function benchPasswordFlood(
  server: BenchServer,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const ping = `${server.url}/api/server/ping`
  const [idle, busy, waits]: number[][] = [[], [], []]
  const tried = { looked: 0, refused: 0 }
  const before = residentMegabytes(server.pid)
  for (let round = 0; round < rounds; round++) {
    idle?.push(await requestsPerSecond(ping, { seconds }))
    const over = new AbortController()
    const flood = Array.from({ length: guessers }, () => guessUntil(server.url, over.signal, tried))
    const visitors = visitUntil(server, over.signal, waits ?? [])
    busy?.push(await requestsPerSecond(ping, { seconds }))
    over.abort()
    await Promise.all([...flood, visitors])
  }
  const ratio = (median(busy ?? []) / median(idle ?? [])).toFixed(2)
  const growth = residentMegabytes(server.pid) - before
  const slowest = (waits ?? []).toSorted((one, other) => one - other).at(-1) ?? NaN
  console.log(`
${guessers} wrong passwords at once, ${rounds} times ${seconds} s: ${tried.looked} looked at, ${tried.refused} refused
- ping: ${ratio} of its idle rate (aim 0.8)
- ${waits?.length} sign-ins by header, all let in: median ${median(waits ?? []).toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms
- memory: ${growth.toFixed(0)} MB more`)
}

async function guessUntil(
  url: string,
  over: AbortSignal,
  tried: { looked: number; refused: number },
): Promise<void> {
  const body = JSON.stringify({ email: 'admin@home.example', password: 'wrong' })
  const headers = { 'content-type': 'application/json' }
  while (!over.aborted) {
    const answer = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })
    await answer.arrayBuffer()
    if (answer.status === 401) tried.looked++
    else if (answer.status === 429) tried.refused++
    else throw new Error(`a wrong password was answered with ${answer.status}`)
  }
}

/** Somebody whom the proxy vouches for, again and again; the time of each in milliseconds. */
async function visitUntil({ url, ways }: BenchServer, over: AbortSignal, waits: number[]): Promise<void> {
  while (!over.aborted) {
    const began = performance.now()
    const answer = await fetch(`${url}/api/users/me`, { headers: ways.header })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`a sign-in by header was answered with ${answer.status}`)
    waits.push(performance.now() - began)
  }
}

/** Of the whole process, from Linux's own books. */
function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

if (import.meta.main) {
  const server = await startBenchServer(1)
  try {
    await benchPasswordFlood(server, { rounds: 1, seconds: 10 })
  } finally {
    server.stop()
  }
}
