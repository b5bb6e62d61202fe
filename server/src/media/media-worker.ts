import { readFile, rm, stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { isHeif, withHeic } from './heic-picture.ts'
import { extensionOf, Unreadable, type Derived, type Metadata, type Original } from './media.ts'
import type { MediaAnswer, MediaRequest, MediaResult, MediaTask } from './media-tasks.ts'
import { createMetadataReader } from './metadata-reader.ts'
import { derivePicture, pictureVersions, type PictureSource } from './picture-derivatives.ts'
import { probeVideo, takeFrame, versionOf, type VideoTools } from './video-frame.ts'

/*
 * The media process: decodes what strangers may have made, outside the server and below its priority. It holds no
 * secrets and no database. It leads its own process group, so that its programs (perl, ffmpeg) end with it.
 */

const metadataReader = createMetadataReader()
setPriority(10)

process.on('message', ({ id, task }: MediaRequest) => void answer(id, task))
// The server is gone or wants this process gone: nothing here is worth finishing.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'))

async function answer(id: number, task: MediaTask): Promise<void> {
  const outcome = await perform(task).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: messageOf(error), unreadable: error instanceof Unreadable }),
  )
  const answered: MediaAnswer = { id, memory: process.memoryUsage.rss(), ...outcome }
  process.send?.(answered)
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)

async function perform(task: MediaTask): Promise<MediaResult> {
  if (task.kind === 'derive') return (await derive(task)) ?? null
  if (task.kind === 'metadata') return readMetadata(task)
  const { ffmpeg, ffprobe } = task.tools
  return {
    ...pictureVersions(),
    ffmpeg: await versionOf(ffmpeg),
    ffprobe: await versionOf(ffprobe),
    perl: await versionOf('perl', ['-v']),
    exiftool: await metadataReader.version().catch(() => null),
  }
}

async function derive(task: Extract<MediaTask, { kind: 'derive' }>): Promise<Derived | undefined> {
  try {
    if (heic.has(task.original.mimeType) && (await isHeif(task.original.path))) {
      return await withHeic(task.original.path, (picture) => derivePicture(picture, task.to))
    }
    const source = await pictureOf(task)
    if (source === undefined) return undefined
    const derived = await derivePicture(source, task.to)
    return source === task.scratch ? { ...derived, width: null, height: null } : derived
  } catch (error) {
    throw isAboutTheDisk(error) ? error : new Unreadable(messageOf(error), { cause: error })
  } finally {
    await rm(task.scratch, { force: true })
  }
}

/** A missing file or a full disk is not the picture's fault: trying again later may help. */
const isAboutTheDisk = (error: unknown) =>
  /ENOSPC|EDQUOT|ENOENT|EACCES|No space left|No such file|file is missing/i.test(messageOf(error))

/** Bytes. It is text that has to be in memory as a whole, several times over. */
const largestDrawing = 10 * 1024 * 1024

const heic = new Set(['image/heic', 'image/heif'])
/** What sharp's libvips decodes by itself; a JPEG with a wrong name among them. */
const direct = new Set([
  ...heic,
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
])

/** Something that sharp can read; undefined for a video when there is no ffmpeg. */
async function pictureOf(task: Extract<MediaTask, { kind: 'derive' }>): Promise<PictureSource | undefined> {
  const { original, scratch, tools } = task
  if (original.type === 'VIDEO') {
    if ((await versionOf(tools.ffmpeg)) === null) return undefined
    await takeFrame(original.path, scratch, tools)
    return scratch
  }
  if (original.mimeType === 'image/svg+xml') return readDrawing(original.path)
  if (direct.has(original.mimeType)) return original.path
  return rawPicture(original.path, { scratch, tools })
}

/** As bytes, so that a drawing cannot refer to the files beside it. */
async function readDrawing(path: string): Promise<Buffer> {
  if ((await stat(path)).size > largestDrawing) throw new Unreadable('a drawing of more than 10 MB')
  return readFile(path)
}

/** A camera's RAW file holds a JPEG; for the rest (JPEG XL, BMP…) ffmpeg may help. */
async function rawPicture(
  path: string,
  { scratch, tools }: { scratch: string; tools: VideoTools },
): Promise<PictureSource> {
  const embedded =
    extensionOf(path) !== '.bmp' && (await metadataReader.extractEmbeddedPicture(path, scratch))
  if (embedded) return scratch
  await takeFrame(path, scratch, tools)
  return scratch
}

async function readMetadata({
  original,
  tools,
}: {
  original: Original
  tools: VideoTools
}): Promise<Metadata> {
  const metadata = await metadataReader.read(original).catch(async (error: unknown) => {
    if ((await versionOf('perl', ['-v'])) !== null) throw error
    throw new Error('perl is not installed, so dates and places cannot be read from files', { cause: error })
  })
  if (original.type === 'IMAGE') return metadata
  const probed = await probeVideo(original.path, tools).catch(() => undefined)
  if (!probed) return metadata
  return {
    ...metadata,
    width: probed.width ?? metadata.width,
    height: probed.height ?? metadata.height,
    durationMs: probed.durationMs ?? metadata.durationMs,
  }
}
