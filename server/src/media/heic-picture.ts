import { open, readFile } from 'node:fs/promises'
import type { RawPicture } from './picture-derivatives.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Decodes a HEIC picture (upright already) and hands it to `use`. One at a time, until it has been used: 12 megapixels
 * take some 120 MB, twice what the rest of this process needs.
 */
export function withHeic<T>(path: string, use: (picture: RawPicture) => Promise<T>): Promise<T> {
  const next = last.then(async () => use(await decodeHeic(path)))
  last = next.catch(() => undefined)
  return next
}

async function decodeHeic(path: string): Promise<RawPicture> {
  // The last bitmap has been used; the engine does not know how much waits for it.
  globalThis.gc?.()
  // Loaded when it is needed: it brings 20 MB with it.
  const { default: decode } = await import('heic-decode')
  const { data, width, height } = await decode({ buffer: await readFile(path) })
  return { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 }
}

/** Some files called .heic are JPEGs: phones and messengers rename them. */
export async function isHeif(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0)
    return buffer.toString('latin1', 4, 8) === 'ftyp'
  } finally {
    await file.close()
  }
}
