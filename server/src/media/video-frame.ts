import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)

export type VideoTools = { ffmpeg: string; ffprobe: string }

/** As shown, pixels and milliseconds. */
export type VideoFacts = { width: number | null; height: number | null; durationMs: number | null }

/** Containers of what we take in. Not among them: playlists and lists of files, which would make a poster of other people's. */
const formats =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,asf,mxf,mpeg,mpegts,mpegvideo,bmp_pipe,jpegxl_pipe,j2k_pipe,psd_pipe'

/** Neither the network nor a file that another file names. */
const confined = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats]

const probed = z.object({
  format: z.object({ duration: z.coerce.number().optional() }).optional(),
  streams: z
    .array(
      z.object({
        width: z.number().optional(),
        height: z.number().optional(),
        side_data_list: z.array(z.object({ rotation: z.coerce.number().optional() })).optional(),
        tags: z.object({ rotate: z.coerce.number().optional() }).optional(),
      }),
    )
    .optional(),
})

export async function probeVideo(path: string, { ffprobe }: VideoTools): Promise<VideoFacts> {
  const entries = 'format=duration:stream=width,height:stream_side_data=rotation:stream_tags=rotate'
  const { stdout } = await run(
    ffprobe,
    ['-v', 'error', ...confined, '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', path],
    { timeout: 20_000, killSignal: 'SIGKILL' },
  )
  const { format, streams } = probed.parse(JSON.parse(stdout))
  const stream = streams?.[0]
  const rotation =
    stream?.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? stream?.tags?.rotate ?? 0
  const turned = Math.abs(rotation) % 180 === 90
  const duration = Math.round((format?.duration ?? NaN) * 1_000)
  return {
    width: (turned ? stream?.height : stream?.width) ?? null,
    height: (turned ? stream?.width : stream?.height) ?? null,
    durationMs: Number.isSafeInteger(duration) ? duration : null,
  }
}

/** One upright frame as a JPEG file. Not the very first one, which is often black; but the first of a very short video. */
export async function takeFrame(path: string, to: string, { ffmpeg }: VideoTools): Promise<void> {
  const take = async (second: string) =>
    run(
      ffmpeg,
      ['-v', 'error', '-nostdin', '-y', '-threads', '1', ...confined, '-ss', second, '-i', path].concat([
        '-map',
        '0:v:0',
        '-frames:v',
        '1',
        '-q:v',
        '2',
        '-f',
        'image2',
        '-update',
        '1',
        to,
      ]),
      { timeout: 30_000, killSignal: 'SIGKILL' },
    )
  await take('1').catch(() => undefined)
  if (!(await exists(to))) await take('0')
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
}

/** The version, or null when the program is not there. */
export async function versionOf(program: string, args = ['-version']): Promise<string | null> {
  const { stdout } = await run(program, args, { timeout: 10_000 }).catch(() => ({ stdout: '' }))
  return /\(v([\d.]+)\)/.exec(stdout)?.[1] ?? /version (\S+)/.exec(stdout)?.[1] ?? null
}
