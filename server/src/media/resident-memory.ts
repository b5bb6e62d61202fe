import { readFile } from 'node:fs/promises'

const pageSize = 4096

/**
 * Resident memory of a process and of the programs it has started, in bytes. Zero where the system does not tell (it
 * does on Linux) or the process is gone.
 */
export async function residentMemory(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const pids = [pid, ...children.split(' ').filter(Boolean).map(Number)]
  const sizes = await Promise.all(pids.map(ownMemory))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The second number of `statm` counts resident pages. */
async function ownMemory(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * pageSize
}
