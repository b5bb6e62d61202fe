import { randomUUID } from 'node:crypto'
import { open, writeFile } from 'node:fs/promises'
import type { Database, DatabaseTransaction } from '../database/database.ts'
import type { Media } from '../media/media.ts'
import { Unreadable } from '../media/media.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import { badRequest } from '../platform/problem.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import { profileKey, personOf, type MediaStorage, type StoredFile } from '../storage/storage.ts'
import { realInternet, type Internet } from './picture-download.ts'
import { createPictureFollower, type Followed } from './picture-follower.ts'
import { kindBytes, pictureKindOf } from './picture-kind.ts'
import { createPictureStore, type PictureChange } from './picture-store.ts'

/** The pictures that people show of themselves. */
export type ProfilePictures = {
  /**
   * Makes a picture out of a file on the side of the storage, which is gone afterwards.
   *
   * @throws {Problem} 400 when it is no picture that can be read
   */
  set(userId: string, path: string): Promise<{ key: string; changedAt: string } | undefined>
  remove(userId: string): Promise<void>
  open(key: string): Promise<StoredFile | undefined>
  /**
   * Brings a picture to what the login service says: an https address, or an empty text for none. Returns at once and never
   * throws: it is fetched in the background, when the address is another than last time and at most once an hour for
   * each person. One that a person set by hand stays until the login service names another address.
   */
  follow(user: Followed, url: string): void
  /** Whether the file is somebody's picture; for the sweep after a crash. */
  knowsFile(key: string): Promise<boolean>
  close(): Promise<void>
}

type Ports = {
  db: Database
  storage: MediaStorage
  files: FileKeeper
  media: Pick<Media, 'derive'>
  clock: Clock
  logger: Logger
  /** Has a file removed once the transaction is committed, also after a crash. */
  removeLater(tx: DatabaseTransaction, key: string): Promise<void>
  internet?: Internet
}

const notAPicture = 'This is not a picture that can be read'

export function createProfilePictures(ports: Ports): ProfilePictures {
  const { db, storage, files, media, clock, logger, removeLater, internet = realInternet } = ports
  const store = createPictureStore({ db, clock })
  const follower = createPictureFollower({ internet, clock, logger, keep: keepFetched, drop })

  async function keepFetched(userId: string, picture: Buffer, source: string): Promise<void> {
    const path = storage.scratchPath('')
    try {
      await writeFile(path, picture, { mode: 0o600, flag: 'wx' })
      await replace({ userId, source }, path)
    } finally {
      await storage.discard(path)
    }
  }

  async function replace(change: Omit<PictureChange, 'key'>, path: string) {
    const key = profileKey({ userId: change.userId, id: randomUUID() })
    const small = await shrink(path)
    await files.place(small, key)
    const changed = await store
      .change({ ...change, key }, async (tx, old) => {
        await files.settle(tx, [key])
        if (old !== null) await removeLater(tx, old)
      })
      .catch(async (error: unknown) => {
        // It may have failed after the commit: the file goes only if nobody refers to it.
        if ((await store.keyOf(change.userId)) !== key) await files.abandon(key)
        throw error
      })
    if (!changed) await files.abandon(key)
    return changed && { key, changedAt: changed.changedAt }
  }

  /** Written anew: small, and with nothing of the file in it but the picture. */
  async function shrink(path: string): Promise<string> {
    const mimeType = pictureKindOf(await startOf(path))
    if (mimeType === undefined) throw badRequest(notAPicture)
    const to = { preview: storage.scratchPath('.jpeg'), thumbnail: storage.scratchPath('.webp') }
    try {
      await media.derive({ path, mimeType, type: 'IMAGE' }, to)
      return to.thumbnail
    } catch (error) {
      await storage.discard(to.thumbnail)
      throw error instanceof Unreadable ? badRequest(notAPicture) : error
    } finally {
      await storage.discard(to.preview)
    }
  }

  async function drop(userId: string): Promise<void> {
    await store.change({ userId, key: null, source: null }, dropOld)
  }

  async function dropOld(tx: DatabaseTransaction, old: string | null): Promise<void> {
    if (old !== null) await removeLater(tx, old)
  }

  return {
    async set(userId, path) {
      try {
        return await replace({ userId }, path)
      } finally {
        await storage.discard(path)
      }
    },
    async remove(userId) {
      await store.change({ userId, key: null }, dropOld)
    },
    open: (key) => storage.open(key),
    follow: follower.follow,
    async knowsFile(key) {
      const userId = personOf(key)
      return userId !== undefined && (await store.keyOf(userId)) === key
    },
    close: follower.close,
  }
}

async function startOf(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(kindBytes), 0, kindBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
