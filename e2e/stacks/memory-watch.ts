import { readFileSync } from 'node:fs'

/** In MiB. `together` is the largest sum over the process and its children at one moment, `alone` its own peak. */
export type MemoryPeak = { together: number; alone: number }

/** Looks at a process and all its children every 100 ms, by Linux's /proc, until `stop` is called. */
export function watchMemory(pid: number): { stop: () => MemoryPeak } {
  const peak: MemoryPeak = { together: 0, alone: 0 }
  const look = () => {
    peak.alone = Math.max(peak.alone, inStatus(pid, 'VmHWM'))
    peak.together = Math.max(peak.together, sumOf(pid))
  }
  const timer = setInterval(look, 100)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}

function sumOf(pid: number): number {
  return inStatus(pid, 'VmRSS') + childrenOf(pid).reduce((sum, child) => sum + sumOf(child), 0)
}

function childrenOf(pid: number): number[] {
  const threads = readQuietly(`/proc/${pid}/task/${pid}/children`)
  return threads.split(' ').filter(Boolean).map(Number)
}

/** MiB; 0 once the process has ended. */
function inStatus(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readQuietly(`/proc/${pid}/status`))?.[1]
  return Math.round(Number(kilobytes ?? 0) / 1024)
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
