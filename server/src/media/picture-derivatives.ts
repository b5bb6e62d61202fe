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

/** Half a picture of a torn file is better than none. */
const reading = { failOn: 'none', sequentialRead: true, limitInputPixels: 0x3fff * 0x3fff } as const
/** Of a picture that has to be in memory as a whole, since it is stored as ever finer versions of itself. */
const mostInterlacedPixels = 100_000_000
/** Dots per inch at which a drawing has the size that it says. */
const naturalDensity = 72

/** Pixels in memory, already upright. */
export type RawPicture = { data: Buffer; width: number; height: number; channels: 3 | 4 }

export type PictureSource = string | Buffer | RawPicture

/**
 * Decodes once and writes preview and thumbnail, upright, in sRGB, without metadata. The thumbnail comes from the preview
 * and the placeholder from the thumbnail: each step has little to decode, and no bitmap goes through our own memory.
 */
export async function derivePicture(source: PictureSource, to: DerivedPaths): Promise<Derived> {
  const { picture, ...original } = await openPicture(source)
  const info = await shrink(picture.autoOrient(), { ...original, side: previewSize })
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

type Opened = { picture: Sharp; /** As it is shown. */ width: number; height: number }

async function openPicture(source: PictureSource): Promise<Opened> {
  if (typeof source !== 'string' && !Buffer.isBuffer(source)) {
    const { data, width, height, channels } = source
    return { picture: sharp(data, { ...reading, raw: { width, height, channels } }), width, height }
  }
  // Only the header is read here, so a drawing may say of itself that it is as large as it likes.
  const limitInputPixels = Buffer.isBuffer(source) ? false : reading.limitInputPixels
  const { autoOrient, format, isProgressive } = await sharp(source, {
    ...reading,
    limitInputPixels,
  }).metadata()
  const options =
    format === 'svg' ? drawnAt(autoOrient) : isProgressive ? { limitInputPixels: mostInterlacedPixels } : {}
  return {
    picture: sharp(source, { ...reading, ...options }),
    width: autoOrient.width,
    height: autoOrient.height,
  }
}

/** A drawing is drawn no larger than it is needed, and has no original pixels to lose. */
function drawnAt({ width, height }: { width: number; height: number }) {
  const scale = Math.min(
    1,
    previewSize / Math.min(width, height),
    (previewSize * longest) / Math.max(width, height),
  )
  return { density: Math.max(1, naturalDensity * scale), limitInputPixels: 2 * longest * previewSize ** 2 }
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
