import type { Readable } from 'node:stream'

/** A file that came in and has no name yet. It is gone after the next start unless it was placed. */
export type ReceivedFile = { path: string; bytes: number; /** SHA-1, hex. */ checksum: string }

/** Both ends are included, as in RFC 9110 section 14.1.2. */
export type ByteRange = { start: number; end: number }

/** An open file. Exactly one of `stream`, `read` and `close` must be called, once. */
export type StoredFile = {
  /** Bytes. */
  size: number
  /** Changes whenever the content does. */
  tag: string
  stream(range?: ByteRange): Readable
  read(): Promise<Buffer>
  close(): Promise<void>
}

/**
 * Where the bytes of originals and derived pictures live, under keys that only `originalKey`, `derivedKey` and `profileKey` make:
 * no name from a client reaches the file system.
 */
export type MediaStorage = {
  /**
   * Writes a stream to the side, hashing on the way. `onBytes` hears the total after every chunk and may throw to
   * stop it. Whatever goes wrong, nothing is left behind.
   *
   * @throws {Problem} 507 when the disk is full
   */
  receive(source: Readable, options?: { onBytes?: (total: number) => void }): Promise<ReceivedFile>
  /** A path on the side for a program to write to; `place` takes it from there, `discard` removes it. */
  scratchPath(extension: string): string
  /** Gives a file its name. When this returns, the file survives a power cut. An older file of that name is replaced. */
  place(path: string, key: string): Promise<void>
  discard(path: string): Promise<void>
  open(key: string): Promise<StoredFile | undefined>
  /** A path that programs such as ffmpeg can read. */
  localPath(key: string): string
  /** Removing what is not there is fine. */
  remove(key: string): Promise<void>
  /** Removes everything that was received and never placed. Only for the start, before anything comes in. */
  emptySide(): Promise<void>
}

/** `extension` with its dot, from our own table of media types. */
export const originalKey = ({ ownerId, id }: { ownerId: string; id: string }, extension: string): string =>
  `originals/${ownerId}/${id.slice(0, 2)}/${id}${extension}`

export const derivedKey = (
  { ownerId, id }: { ownerId: string; id: string },
  kind: 'preview.jpeg' | 'thumbnail.webp',
): string => `derived/${ownerId}/${id.slice(0, 2)}/${id}-${kind}`

/** The picture of a person; a new one has a new `id`, so that no address ever shows another picture. */
export const profileKey = ({ userId, id }: { userId: string; id: string }): string =>
  `profiles/${userId}/${id}.webp`

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const keyShape = new RegExp(
  `^(?:originals/${uuid}/[0-9a-f]{2}/(${uuid})\\.[a-z0-9]{1,8}|derived/${uuid}/[0-9a-f]{2}/(${uuid})-(?:preview\\.jpeg|thumbnail\\.webp))$`,
)

/** The asset whose file this is; undefined for anything that is not one of our keys. */
export function assetIdOf(key: string): string | undefined {
  const match = keyShape.exec(key)
  return match?.[1] ?? match?.[2]
}

const profileKeyShape = new RegExp(`^profiles/(${uuid})/${uuid}\\.webp$`)

/** The person whose picture this is; undefined for any other file. */
export const personOf = (key: string): string | undefined => profileKeyShape.exec(key)?.[1]

/** Tells a key of ours from any other text. */
export const isStorageKey = (key: string): boolean =>
  assetIdOf(key) !== undefined || personOf(key) !== undefined
