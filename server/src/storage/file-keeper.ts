import type { Database, DatabaseTransaction } from '../database/database.ts'
import type { FileIntents } from './file-intent-store.ts'
import type { MediaStorage } from './storage.ts'

/** Keeps disk and database in step: a file is either known to a row, or on a list of files to look at after a crash. */
export type FileKeeper = {
  /** Gives a file its name. Until `settle`, a crash undoes it. */
  place(path: string, key: string): Promise<void>
  /** To be called in the transaction that makes rows refer to the files. */
  settle(tx: DatabaseTransaction, keys: readonly string[]): Promise<void>
  /** Undoes `place`. Only when it is certain that no row refers to the file. */
  abandon(key: string): Promise<void>
  /** At start: removes the leftovers of a crash. Answers how many files had to go. */
  sweep(isKnown: (key: string) => Promise<boolean>): Promise<number>
}

export function createFileKeeper({
  db,
  storage,
  intents,
}: {
  db: Database
  storage: MediaStorage
  intents: FileIntents
}): FileKeeper {
  const abandon = async (key: string) => {
    await storage.remove(key)
    await intents.settle(db, [key])
  }
  return {
    abandon,
    settle: (tx, keys) => intents.settle(tx, keys),
    async place(path, key) {
      await intents.add(key)
      try {
        await storage.place(path, key)
      } catch (error) {
        await storage.discard(path)
        await abandon(key)
        throw error
      }
    },
    async sweep(isKnown) {
      await storage.emptySide()
      let removed = 0
      for (const key of await intents.list()) {
        if (await isKnown(key)) await intents.settle(db, [key])
        else {
          await abandon(key)
          removed += 1
        }
      }
      return removed
    },
  }
}
