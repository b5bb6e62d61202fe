import { readFile } from 'node:fs/promises'
import type { RawPicture } from './picture-derivatives.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Decodes a HEIC picture (upright already). One at a time: a 12 megapixel picture takes some 200 MB while it is decoded.
 */
export function decodeHeic(path: string): Promise<RawPicture> {
  const next = last.then(async () => {
    // Loaded when it is needed: it brings 20 MB with it.
    const { default: decode } = await import('heic-decode')
    const { data, width, height } = await decode({ buffer: await readFile(path) })
    return {
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      width,
      height,
      channels: 4 as const,
    }
  })
  last = next.catch(() => undefined)
  return next
}
