import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogger } from '../platform/logger.ts'
import { createMediaProcess } from './media-process.ts'
import { Unreadable, type Media, type Original } from './media.ts'

let folder: string
let media: Media

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-media-'))
})
afterEach(async () => {
  await media.close()
  await rm(folder, { recursive: true, force: true })
})

function startMedia(options: Partial<Parameters<typeof createMediaProcess>[0]> = {}): void {
  media = createMediaProcess({
    logger: createLogger('silent'),
    tools: { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
    scratchPath: (extension) => join(folder, `scratch${extension}`),
    ...options,
  })
}

const to = () => ({ preview: join(folder, 'preview.jpeg'), thumbnail: join(folder, 'thumbnail.webp') })
const jpeg = (path: string): Original => ({ path, mimeType: 'image/jpeg', type: 'IMAGE' })

async function photo(): Promise<Original> {
  const path = join(folder, 'photo.jpg')
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#456' } }).toFile(path)
  return jpeg(path)
}

const drawing = ({ width, height }: { width: number; height: number }, inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inner}</svg>`

/** The media processes of this test. */
async function processes(): Promise<number[]> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  return children.trim().split(' ').filter(Boolean).map(Number)
}

test('a file that hangs its decoder is given up, and the next one is done by a new process', async () => {
  startMedia({ limitMs: () => 1_500 })
  const pipe = join(folder, 'endless.jpg')
  execFileSync('mkfifo', [pipe])
  await expect(media.derive(jpeg(pipe), to())).rejects.toThrow(Unreadable)
  expect(await media.derive(await photo(), to())).toMatchObject({ width: 300, height: 200 })
})

test('what was at work beside a file that hangs is done again, and not given up', async () => {
  startMedia({ limitMs: () => 1_500 })
  const [endless, innocent] = [join(folder, 'endless.jpg'), join(folder, 'innocent.jpg')]
  execFileSync('mkfifo', [endless, innocent])
  const hanging = media.derive(jpeg(endless), { preview: join(folder, 'p'), thumbnail: join(folder, 't') })
  const beside = media.derive(jpeg(innocent), to())
  hanging.catch(() => undefined)
  await pause(700)
  // It hangs only this once, on account of the other one.
  const { path } = await photo()
  await rename(path, innocent)
  expect(await beside).toMatchObject({ width: 300, height: 200 })
  await expect(hanging).rejects.toThrow('took longer than 1.5 s')
  await expect(hanging).rejects.toThrow(Unreadable)
})

test('a picture that needs too much memory ends its process; the one beside it is done again', async () => {
  startMedia({ memoryCeiling: 150 * 1024 * 1024 })
  const [big, innocent] = [join(folder, 'big.png'), join(folder, 'innocent.jpg')]
  const colour = { width: 9_000, height: 9_000, channels: 3, background: '#456' } as const
  // Interlaced: it has to be in memory as a whole.
  await sharp({ create: colour }).png({ progressive: true }).toFile(big)
  execFileSync('mkfifo', [innocent])
  const beside = media.derive(jpeg(innocent), to())
  const growing = media.derive({ path: big, mimeType: 'image/png', type: 'IMAGE' }, to())
  growing.catch(() => undefined)
  await pause(200)
  const { path } = await photo()
  await rename(path, innocent)
  await expect(growing).rejects.toThrow('needs more than 150 MB of memory')
  await expect(growing).rejects.toThrow(Unreadable)
  expect(await beside).toMatchObject({ width: 300, height: 200 })
})

test('an ordinary photo stays far below the ceiling', async () => {
  startMedia({ memoryCeiling: 250 * 1024 * 1024 })
  const path = join(folder, 'large.jpg')
  await sharp({ create: { width: 8_000, height: 6_000, channels: 3, background: '#456' } }).toFile(path)
  expect(await media.derive(jpeg(path), to())).toMatchObject({ width: 8_000, height: 6_000 })
})

test('after the end there is no new beginning', async () => {
  startMedia()
  const original = await photo()
  await media.close()
  await expect(media.derive(original, to())).rejects.toThrow('closed')
  expect(await processes()).toEqual([])
})

test('when the process dies, its work fails for now and the next work finds a new process', async () => {
  startMedia()
  const original = await photo()
  await media.derive(original, to())
  const [first = 0] = await processes()
  const pipe = join(folder, 'endless.jpg')
  execFileSync('mkfifo', [pipe])
  const waiting = media.derive(jpeg(pipe), to())
  setTimeout(() => process.kill(first, 'SIGKILL'), 50)
  const failure = await waiting.catch((error: unknown) => error)
  expect(failure).not.toBeInstanceOf(Unreadable)
  expect(failure).toMatchObject({ message: expect.stringContaining('the media process ended') as string })
  expect(await media.derive(original, to())).toMatchObject({ width: 300 })
  expect(await processes()).not.toContain(first)
})

test('it ends when there is nothing to do, and starts again when there is', async () => {
  startMedia({ idleMs: 50 })
  const original = await photo()
  await media.derive(original, to())
  await expect.poll(processes, { timeout: 5_000 }).toEqual([])
  expect(await media.derive(original, to())).toMatchObject({ width: 300 })
})

test('one that has grown too big ends its work before the next one starts', async () => {
  startMedia({ maxMemory: 1 })
  const original = await photo()
  const pipe = join(folder, 'slow.jpg')
  execFileSync('mkfifo', [pipe])
  const slow = media.readMetadata(jpeg(pipe))
  await media.derive(original, to())
  const [first] = await processes()
  // The answer said that it is too big; the slow one is still at work.
  const next = media.derive(original, to())
  await pause(300)
  expect(await processes()).toEqual([first])
  await writeFile(pipe, await readFile(original.path))
  await slow.catch(() => undefined)
  expect(await next).toMatchObject({ width: 300 })
  expect(await processes()).not.toContain(first)
})

test('a broken picture is unreadable; a missing one may come back', async () => {
  startMedia()
  const torn = join(folder, 'torn.jpg')
  await writeFile(torn, 'not a picture at all')
  await expect(media.derive(jpeg(torn), to())).rejects.toThrow(Unreadable)
  const missing = media.derive(jpeg(join(folder, 'missing.jpg')), to())
  await expect(missing).rejects.toThrow()
  await expect(missing).rejects.not.toBeInstanceOf(Unreadable)
})

test('a JPEG that calls itself HEIC is shown all the same', async () => {
  startMedia()
  const original = { ...(await photo()), mimeType: 'image/heic' }
  expect(await media.derive(original, to())).toMatchObject({ width: 300, height: 200 })
})

test('a drawing cannot pull in the files beside it', async () => {
  startMedia()
  await sharp({ create: { width: 50, height: 50, channels: 3, background: '#f00' } })
    .png()
    .toFile(join(folder, 'secret.png'))
  const svg = join(folder, 'drawing.svg')
  const image = '<image href="secret.png" width="50" height="50"/>'
  await writeFile(svg, `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50">${image}</svg>`)
  await media.derive({ path: svg, mimeType: 'image/svg+xml', type: 'IMAGE' }, to())
  const { channels } = await sharp(to().preview).stats()
  expect(channels.map(({ mean }) => Math.round(mean))).toEqual([255, 255, 255])
})

test.each([
  ['a poster', 12_000, 9_000],
  ['a plan of a town', 100_000, 100_000],
])('%s is drawn no larger than it is shown, and keeps its size', async (_, width, height) => {
  startMedia({ limitMs: () => 10_000 })
  const path = join(folder, 'drawing.svg')
  await writeFile(path, drawing({ width, height }, `<rect width="${width}" height="${height}" fill="#f00"/>`))
  const original: Original = { path, mimeType: 'image/svg+xml', type: 'IMAGE' }
  expect(await media.derive(original, to())).toMatchObject({ width, height })
  const preview = await sharp(to().preview).metadata()
  expect(Math.min(preview.width, preview.height)).toBe(1440)
})

test('a drawing of more text than anyone draws is unreadable', async () => {
  startMedia()
  const path = join(folder, 'drawing.svg')
  await writeFile(path, drawing({ width: 10, height: 10 }, ' '.repeat(10 * 1024 * 1024)))
  const original: Original = { path, mimeType: 'image/svg+xml', type: 'IMAGE' }
  await expect(media.derive(original, to())).rejects.toThrow('a drawing of more than 10 MB')
})

test('an interlaced picture of too many pixels is unreadable before it is decoded', async () => {
  startMedia()
  const path = join(folder, 'interlaced.png')
  const colour = { width: 10_001, height: 10_000, channels: 3, background: '#456' } as const
  await sharp({ create: colour }).png({ progressive: true }).toFile(path)
  const original: Original = { path, mimeType: 'image/png', type: 'IMAGE' }
  await expect(media.derive(original, to())).rejects.toThrow('exceeds pixel limit')
})

test('a list of files that calls itself a video shows none of them', async () => {
  startMedia()
  const clip = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5', '-t', '1', join(folder, 'private.mp4')]
  execFileSync('ffmpeg', ['-v', 'error', ...clip])
  const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nprivate.mp4\n#EXT-X-ENDLIST\n'
  for (const text of ['ffconcat version 1.0\nfile private.mp4\n', playlist]) {
    const path = join(folder, 'innocent.mp4')
    await writeFile(path, text)
    const original: Original = { path, mimeType: 'video/mp4', type: 'VIDEO' }
    await expect(media.derive(original, to())).rejects.toThrow(Unreadable)
    expect(await media.readMetadata(original).catch(() => ({ durationMs: null }))).toMatchObject({
      durationMs: null,
    })
  }
})

test('it knows which programs there are, and leaves nothing on the side', async () => {
  startMedia()
  expect(await media.programs()).toMatchObject({
    sharp: expect.stringMatching(/^\d+\./) as string,
    exiftool: expect.stringMatching(/^\d+\./) as string,
    perl: expect.stringMatching(/^5\./) as string,
    ffmpeg: expect.stringMatching(/^\d/) as string,
  })
  await media.close()
  media = createMediaProcess({
    logger: createLogger('silent'),
    tools: { ffmpeg: '/nowhere/ffmpeg', ffprobe: '/nowhere/ffprobe' },
    scratchPath: (extension) => join(folder, `scratch${extension}`),
  })
  expect(await media.programs()).toMatchObject({ ffmpeg: null, ffprobe: null })
  expect(await readdir(folder)).toEqual([])
})
