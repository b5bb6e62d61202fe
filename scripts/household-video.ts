import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { photos, renderPhoto } from './household-photos.ts'

const run = promisify(execFile)

export const video = { name: 'kites-in-the-wind.mp4', owner: 'gran', takenAt: '2026-08-02T15:20:00' } as const

/** Six seconds of kites (H.264 and AAC, as phones film), or undefined where there is no ffmpeg to film with. */
export async function renderVideo(): Promise<Buffer | undefined> {
  const still = photos.find(({ name }) => name === 'kites.jpg')
  if (still === undefined || !(await hasFfmpeg())) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-video-'))
  try {
    const picture = join(folder, 'still.jpg')
    const film = join(folder, video.name)
    await writeFile(picture, await renderPhoto(still))
    const drift = 'crop=1280:720:160+40*sin(t*2):400+30*cos(t*3)'
    await run('ffmpeg', [
      '-v',
      'error',
      '-loop',
      '1',
      '-framerate',
      '25',
      '-i',
      picture,
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=330:sample_rate=44100',
      '-t',
      '6',
      '-vf',
      drift,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      '-b:a',
      '64k',
      '-metadata',
      `creation_time=${video.takenAt}Z`,
      '-movflags',
      '+faststart',
      film,
    ])
    return await readFile(film)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const hasFfmpeg = () =>
  run('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  )
