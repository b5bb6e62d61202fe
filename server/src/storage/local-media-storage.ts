import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Problem } from '../platform/problem.ts'
import {
  isStorageKey,
  type ByteRange,
  type MediaStorage,
  type ReceivedFile,
  type StoredFile,
} from './storage.ts'

/** Media in a local folder: `originals/`, `derived/` and `profiles/`, with `incoming/` on the side (same file system, so a rename moves). */
export function createLocalMediaStorage({
  folder,
  openFile = (path) => open(path, 'wx', 0o600),
}: {
  folder: string
  /** How a new file is opened for writing; tests put a full disk here. */
  openFile?: (path: string) => Promise<FileHandle>
}): MediaStorage {
  const incoming = join(folder, 'incoming')
  mkdirSync(incoming, { recursive: true })
  const scratchPath = (extension: string) => join(incoming, `${randomUUID()}${extension}`)
  const localPath = (key: string) => {
    if (!isStorageKey(key)) throw new Error(`not a storage key: ${JSON.stringify(key)}`)
    return join(folder, key)
  }

  return {
    scratchPath,
    localPath,
    async receive(source, { onBytes } = {}) {
      const path = scratchPath('')
      const file = await explainFullDisk(() => openFile(path))
      return receive(source, { path, file, onBytes })
    },
    async place(path, key) {
      await explainFullDisk(async () => {
        await flush(path)
        await makeFolder(dirname(localPath(key)), folder)
        await rename(path, localPath(key))
        await flush(dirname(localPath(key)))
      })
    },
    discard: (path) => rm(path, { force: true }),
    open: (key) => openStored(localPath(key)),
    remove: (key) => rm(localPath(key), { force: true }),
    async emptySide() {
      for (const name of await readdir(incoming))
        await rm(join(incoming, name), { force: true, recursive: true })
    },
  }
}

type Incoming = { path: string; file: FileHandle; onBytes: ((total: number) => void) | undefined }

async function receive(source: Readable, { path, file, onBytes }: Incoming): Promise<ReceivedFile> {
  const hash = createHash('sha1')
  let bytes = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      bytes += chunk.length
      onBytes?.(bytes)
      hash.update(chunk)
      await explainFullDisk(() => writeAll(file, chunk))
    }
    await file.close()
    return { path, bytes, checksum: hash.digest('hex') }
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(path, { force: true })
    throw error
  }
}

/** `write` may take less than it was given, which is how a disk that is nearly full begins to say so. */
async function writeAll(file: Pick<FileHandle, 'write'>, chunk: Buffer): Promise<void> {
  let done = 0
  while (done < chunk.length) done += (await file.write(chunk, done)).bytesWritten
}

/** Creates a folder so that it survives a power cut: each new name is flushed with the folder that holds it. */
async function makeFolder(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let parent = dirname(path); parent.length >= dirname(first).length; parent = dirname(parent)) {
    await flush(parent)
    if (parent === root) return
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function openStored(path: string): Promise<StoredFile | undefined> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  const { size, mtimeMs } = await handle.stat()
  return {
    size,
    tag: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
    stream: (range?: ByteRange) => handle.createReadStream({ highWaterMark: 128 * 1024, ...range }),
    async read() {
      try {
        return await handle.readFile()
      } finally {
        await handle.close()
      }
    },
    close: () => handle.close(),
  }
}

async function explainFullDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
    throw new Problem(507, 'No space left on the server: ask an admin to make room', { cause: error })
  }
}
