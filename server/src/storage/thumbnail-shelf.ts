import { Readable } from 'node:stream'
import type { MediaStorage, StoredFile } from './storage.ts'

/** Files above this size are read from the disk each time. */
const largestKept = 64 * 1024

/**
 * A storage that keeps the small files it was last asked for in memory, up to `maxBytes`: opening, measuring, reading and
 * closing a file are four trips through Node's thread pool, and a screen of thumbnails is fifty files.
 *
 * Only bytes are kept, never who may see them. A key that is placed or removed here is dropped.
 */
export function keepThumbnails(storage: MediaStorage, { maxBytes }: { maxBytes: number }): MediaStorage {
  const shelf = new Map<string, { bytes: Buffer; tag: string }>()
  let total = 0

  function drop(key: string): void {
    total -= shelf.get(key)?.bytes.length ?? 0
    shelf.delete(key)
  }

  function keep(key: string, entry: { bytes: Buffer; tag: string }): void {
    drop(key)
    shelf.set(key, entry)
    total += entry.bytes.length
    // A Map goes through its keys in the order of their arrival: the first is the longest unused.
    for (const oldest of shelf.keys()) {
      if (total <= maxBytes) break
      drop(oldest)
    }
  }

  async function fetch(key: string): Promise<StoredFile | undefined> {
    const file = await storage.open(key)
    if (!file || file.size > largestKept) return file
    const entry = { bytes: await file.read(), tag: file.tag }
    keep(key, entry)
    return inMemory(entry)
  }

  return {
    ...storage,
    async open(key) {
      if (!/^(?:derived|profiles)\//.test(key)) return storage.open(key)
      const kept = shelf.get(key)
      if (!kept) return fetch(key)
      keep(key, kept)
      return inMemory(kept)
    },
    async place(path, key) {
      drop(key)
      await storage.place(path, key)
      drop(key)
    },
    async remove(key) {
      await storage.remove(key)
      drop(key)
    },
  }
}

const inMemory = ({ bytes, tag }: { bytes: Buffer; tag: string }): StoredFile => ({
  size: bytes.length,
  tag,
  stream: (range) => Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]),
  read: async () => bytes,
  close: async () => {},
})
