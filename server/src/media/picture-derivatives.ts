import sharp, { type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import type { Derived, DerivedPaths } from './media.ts'

// Pictures come once each, so a cache only holds memory; parallel work comes from several pictures at a time.
sharp.cache(false)
sharp.concurrency(1)

/** Short side, pixels. */
const previewSize = 1440
const thumbnailSize = 250
/** A panorama is at most this much longer than it is high in derived pictures. */
const longest = 4

/** Pixels in memory, already upright. */
export type RawPicture = { data: Buffer; width: number; height: number; channels: 3 | 4 }

export type PictureSource = string | Buffer | RawPicture

/**
 * Decodes once and writes preview and thumbnail, upright, in sRGB, without metadata. The thumbnail comes from the preview
 * and the placeholder from the thumbnail: each step has little to decode, and no bitmap goes through our own memory.
 */
export async function derivePicture(source: PictureSource, to: DerivedPaths): Promise<Derived> {
  const original = await uprightSize(source)
  const info = await shrink(openPicture(source).autoOrient(), { ...original, side: previewSize })
    .flatten({ background: '#ffffff' })
    .toColorspace('srgb')
    // Optimal Huffman tables would hold the whole picture twice more, for a tenth of its size.
    .jpeg({ quality: 80, optimiseCoding: false })
    .toFile(to.preview)
  await shrink(sharp(to.preview), { ...info, side: thumbnailSize })
    .webp({ quality: 80 })
    .toFile(to.thumbnail)
  return { ...original, thumbhash: await thumbhash(sharp(to.thumbnail)) }
}

function openPicture(source: PictureSource): Sharp {
  // Half a picture of a torn file is better than none.
  const options = { failOn: 'none', sequentialRead: true, limitInputPixels: 0x3fff * 0x3fff } as const
  if (typeof source === 'string' || Buffer.isBuffer(source)) return sharp(source, options)
  const { data, width, height, channels } = source
  return sharp(data, { ...options, raw: { width, height, channels } })
}

async function uprightSize(source: PictureSource): Promise<{ width: number; height: number }> {
  if (typeof source !== 'string' && !Buffer.isBuffer(source))
    return { width: source.width, height: source.height }
  const { autoOrient } = await openPicture(source).metadata()
  return { width: autoOrient.width, height: autoOrient.height }
}

function shrink(
  picture: Sharp,
  { width, height, side }: { width: number; height: number; side: number },
): Sharp {
  const long = Math.max(width, height) / Math.min(width, height)
  if (long <= longest) return picture.resize(side, side, { fit: 'outside', withoutEnlargement: true })
  return picture.resize(side * longest, side * longest, { fit: 'inside', withoutEnlargement: true })
}

/** @see https://evanw.github.io/thumbhash/ : at most 100 pixels a side */
async function thumbhash(picture: Sharp): Promise<string> {
  const { data, info } = await picture
    .resize(100, 100, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}

export const pictureVersions = () => ({
  sharp: sharp.versions.sharp ?? 'unknown',
  libvips: sharp.versions.vips,
})
