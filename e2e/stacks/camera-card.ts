import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import { renderVideo } from '../../scripts/household-video.ts'

/** Fills the folder as a camera's card is filled: JPEGs, a PNG, a HEIC, a video, and a note that is no photo. */
export async function fillCameraCard(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const [first, second, third] = await Promise.all(photos.slice(0, 3).map(renderPhoto))
  const film = await renderVideo()
  if (first === undefined || second === undefined || third === undefined || film === undefined)
    throw new Error('the card needs three photos and ffmpeg')
  writeFileSync(join(folder, 'porch.jpg'), first)
  writeFileSync(join(folder, 'garden.JPEG'), second)
  writeFileSync(join(folder, 'drawing.png'), await sharp(second).resize(640).png().toBuffer())
  writeFileSync(join(folder, 'kites.mp4'), film)
  writeFileSync(join(folder, 'notes.txt'), 'Buy rose food.\n')
  makeHeic(folder, third)
}

function makeHeic(folder: string, jpeg: Buffer): void {
  const source = join(folder, 'heic-source.jpg')
  writeFileSync(source, jpeg)
  execFileSync('heif-enc', ['-q', '60', source, '-o', join(folder, 'cake.heic')], { stdio: 'pipe' })
  rmSync(source)
}
