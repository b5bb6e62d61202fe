import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartProblem } from './environment.ts'

/**
 * Makes the data folder and takes it for this process alone: two servers on one folder would sweep each other's files.
 * The lock is an SQLite lock, which the kernel drops when the process ends in whatever way.
 *
 * @throws {StartProblem} when another server has the folder, or it cannot be written
 */
export async function takeDataDir(folder: string): Promise<{ path: string; release(): void }> {
  const path = resolve(folder)
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const lock = new DatabaseSync(join(path, 'lock.sqlite'))
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
    return { path, release: () => lock.close() }
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string }
    // SQLITE_BUSY
    if (errcode === 5) throw new StartProblem(`Another Porchlight is running on the data folder ${path}`)
    throw new StartProblem(`The data folder ${path} cannot be used: ${message}`)
  }
}
