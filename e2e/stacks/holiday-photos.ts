import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'

const count = 200
const placeholderDate = '2001:01:01 00:00:00'

/**
 * A folder with 200 different photos of 12 MP and about 3 MB each, as a phone brings them home from a holiday.
 * Made once and kept in the system's folder for temporary files, since making them takes a while.
 */
export async function holidayPhotos(): Promise<string> {
  const folder = join(tmpdir(), `porchlight-holiday-${userInfo().uid}`)
  if (existsSync(folder) && readdirSync(folder).length === count) return folder
  const unfinished = `${folder}-${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const negatives = [await takePhoto(90), await takePhoto(120), await takePhoto(150)]
  for (let n = 0; n < count; n++) {
    const negative = negatives[n % negatives.length]
    if (negative)
      writeFileSync(join(unfinished, `IMG_${String(n).padStart(4, '0')}.jpg`), withDate(negative, n))
  }
  rmSync(folder, { recursive: true, force: true })
  renameSync(unfinished, folder)
  return folder
}

/** Soft shapes under film grain: it costs about as much to decode, and takes as many bytes, as a real photo. */
async function takePhoto(brightness: number): Promise<Buffer> {
  const noise = (mean: number, sigma: number) => ({ type: 'gaussian' as const, mean, sigma })
  const layer = { channels: 3 as const, background: '#888' }
  const shapes = await sharp({ create: { ...layer, width: 500, height: 375, noise: noise(brightness, 50) } })
    .png()
    .toBuffer()
  const grain = await sharp({ create: { ...layer, width: 4000, height: 3000, noise: noise(128, 14) } })
    .png({ compressionLevel: 0 })
    .toBuffer()
  return await sharp(shapes)
    .resize(4000, 3000)
    .composite([{ input: grain, blend: 'overlay' }])
    .withExif({ IFD0: { Make: 'Google', Model: 'Pixel 8' }, IFD2: { DateTimeOriginal: placeholderDate } })
    .jpeg({ quality: 80 })
    .toBuffer()
}

/** Another photo: the same picture, taken on another day. */
function withDate(negative: Buffer, n: number): Buffer {
  const copy = Buffer.from(negative)
  const at = copy.indexOf(placeholderDate)
  const day = new Date(Date.UTC(2024, 0, 1, 10, n) + n * 86_400_000).toISOString()
  copy.write(day.slice(0, 19).replaceAll('-', ':').replace('T', ' '), at, 'latin1')
  return copy
}
