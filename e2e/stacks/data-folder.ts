import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

type Keys = { original_key: string; thumbnail_key: string | null; preview_key: string | null }

/**
 * Compares a data folder with its database. @returns files that belong to no asset (`stray`), and files that an
 * asset names and that are not there (`missing`), both relative to the folder
 */
export function inspectDataFolder(dataDir: string): { stray: string[]; missing: string[] } {
  const database = new DatabaseSync(join(dataDir, 'porchlight.sqlite'), { readOnly: true })
  const rows = database.prepare('select original_key, thumbnail_key, preview_key from assets').all() as Keys[]
  database.close()
  const keys = rows
    .flatMap((row) => [row.original_key, row.thumbnail_key, row.preview_key])
    .filter((key) => key !== null)
  const files = mediaFiles(dataDir)
  return {
    stray: files.filter((file) => !keys.some((key) => file === key || file.endsWith(`/${key}`))),
    missing: keys.filter((key) => !files.some((file) => file === key || file.endsWith(`/${key}`))),
  }
}

/** Everything in the folder but the database, the lock and the folder's own name. */
function mediaFiles(dataDir: string): string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataDir, join(entry.parentPath, entry.name)))
    .filter((path) => !/^((porchlight|lock)\.sqlite(-\w+)?|holder-id)$/.test(path))
}
