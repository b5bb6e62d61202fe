import { readFileSync } from 'node:fs'

/** All in MiB. */
export type MemoryPeak = {
  /** The server process alone, as the kernel noted its peak of resident memory. */
  alone: number
  /** The largest sum of resident memory of the server and its helper processes at one moment. */
  together: number
  /** The same with the program text, which they share, counted once: what the machine really gave. */
  togetherOnce: number
}

/** Looks at a process and all its children every 100 ms, by Linux's /proc, until `stop` is called. */
export function watchMemory(pid: number): { stop: () => MemoryPeak } {
  const peak: MemoryPeak = { alone: 0, together: 0, togetherOnce: 0 }
  const look = () => {
    const family = familyOf(pid)
    peak.alone = Math.max(peak.alone, megabytes(pid, 'VmHWM'))
    const each = (field: string) => family.map((one) => megabytes(one, field))
    peak.together = Math.max(peak.together, sum(each('VmRSS')))
    const shared = Math.max(...each('RssFile'))
    peak.togetherOnce = Math.max(peak.togetherOnce, sum(each('RssAnon')) + sum(each('RssShmem')) + shared)
  }
  const timer = setInterval(look, 100)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}

function familyOf(pid: number): number[] {
  const children = readQuietly(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

/** 0 once the process has ended. */
function megabytes(pid: number, field: string): number {
  const status = readQuietly(`/proc/${pid}/status`)
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  return Math.round(Number(kilobytes ?? 0) / 1024)
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
