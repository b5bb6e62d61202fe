import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, json, onePixelPng, untilQuiet, upload, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

const run = promisify(execFile)

let server: TestServer
let gran: Client
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-media-'))
  server = await startServer()
  await server.signUpAdmin()
  gran = { port: server.port, person: await server.addPerson(people.gran) }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Described = {
  width: number
  height: number
  duration: number | null
  thumbhash: string | null
  fileCreatedAt: string
  localDateTime: string
  type: string
  exifInfo: Record<string, unknown>
}

/** Uploads and waits for all the work that follows. */
async function keep(
  name: string,
  bytes: Uint8Array,
  client = gran,
  on = server,
): Promise<Described & { id: string }> {
  const { body } = await upload(client, { name, bytes })
  await untilQuiet(on)
  return { ...(await json<Described>(client, `/assets/${body.id}`)), id: body.id }
}

async function derived(id: string, size: 'thumbnail' | 'preview') {
  const answer = await api(gran, `/assets/${id}/thumbnail?size=${size}`)
  expect(answer.status).toBe(200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { type: answer.headers.get('content-type'), bytes, ...(await sharp(bytes).metadata()) }
}

async function generated(name: string, ...options: string[]): Promise<Buffer> {
  const path = join(folder, name)
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', ...options, path])
  return readFile(path)
}

const camera = {
  IFD0: { Make: 'Porch', Model: 'Cam 12', ImageDescription: 'By the lake' },
  IFD2: {
    DateTimeOriginal: '2021:07:28 08:36:00',
    SubSecTimeOriginal: '25',
    OffsetTimeOriginal: '-07:00',
    FNumber: '18/10',
    ExposureTime: '1/250',
    ISOSpeedRatings: '282',
    FocalLength: '26/1',
  },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '52/1 31/1 12/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '13/1 24/1 18/1',
  },
}

test('a photo tells when, where and with what it was taken', async () => {
  const asset = await keep('lake.jpg', await jpeg({ exif: camera }))
  expect(asset).toMatchObject({
    fileCreatedAt: '2021-07-28T15:36:00.250Z',
    localDateTime: '2021-07-28T08:36:00.250Z',
    width: 640,
    height: 480,
  })
  expect(asset.exifInfo).toMatchObject({
    dateTimeOriginal: '2021-07-28T15:36:00.25+00:00',
    timeZone: 'UTC-7',
    make: 'Porch',
    model: 'Cam 12',
    description: 'By the lake',
    fNumber: 1.8,
    exposureTime: '1/250',
    iso: 282,
    focalLength: 26,
    latitude: 52.52,
    longitude: 13.405,
    exifImageWidth: 640,
    exifImageHeight: 480,
  })
})

test('a photo without a zone keeps its wall clock, and one without any date takes the file’s', async () => {
  const IFD2 = { DateTimeOriginal: '2020:12:31 23:59:58' }
  const zoneless = await keep('new-year.jpg', await jpeg({ exif: { IFD2 } }))
  expect(zoneless).toMatchObject({
    fileCreatedAt: '2020-12-31T23:59:58.000Z',
    localDateTime: '2020-12-31T23:59:58.000Z',
  })
  expect(zoneless.exifInfo).toMatchObject({ timeZone: null })
  expect(await keep('dateless.jpg', await jpeg())).toMatchObject({
    fileCreatedAt: '2024-05-05T10:00:00.000Z',
  })
})

test('thumbnail and preview have their sizes and tell nothing about place or camera', async () => {
  const { id, thumbhash } = await keep('large.jpg', await jpeg({ width: 2400, height: 1800, exif: camera }))
  expect(Buffer.from(thumbhash ?? '', 'base64').length).toBeGreaterThan(10)
  const thumbnail = await derived(id, 'thumbnail')
  expect(thumbnail).toMatchObject({ type: 'image/webp', format: 'webp', width: 333, height: 250 })
  const preview = await derived(id, 'preview')
  expect(preview).toMatchObject({ type: 'image/jpeg', format: 'jpeg', width: 1920, height: 1440 })
  for (const { bytes, exif, xmp } of [thumbnail, preview]) {
    expect([exif, xmp]).toEqual([undefined, undefined])
    expect(bytes.includes('Porch')).toBe(false)
  }
})

test('a photo held upright is shown upright', async () => {
  const { id, ...asset } = await keep('tall.jpg', await jpeg({ width: 800, height: 600, orientation: 6 }))
  expect(asset).toMatchObject({ width: 600, height: 800 })
  expect(asset.exifInfo).toMatchObject({ orientation: '6', exifImageWidth: 800, exifImageHeight: 600 })
  expect(await derived(id, 'thumbnail')).toMatchObject({ width: 250, height: 333 })
})

test('a small picture is not blown up, and a panorama stays within bounds', async () => {
  const small = await keep('small.jpg', await jpeg({ width: 120, height: 90 }))
  expect(await derived(small.id, 'preview')).toMatchObject({ width: 120, height: 90 })
  const panorama = await keep('panorama.jpg', await jpeg({ width: 6000, height: 400 }))
  expect(await derived(panorama.id, 'preview')).toMatchObject({ width: 5760 })
  expect(await derived(panorama.id, 'thumbnail')).toMatchObject({ width: 1000 })
})

test('an iPhone’s HEIC has a thumbnail like any other', async () => {
  const png = join(folder, 'heic.png')
  await writeFile(
    png,
    await sharp(await jpeg({ width: 640, height: 480 }))
      .png()
      .toBuffer(),
  )
  await run('heif-enc', ['-q', '50', '-o', join(folder, 'IMG_1.heic'), png])
  const { id, ...asset } = await keep('IMG_1.HEIC', await readFile(join(folder, 'IMG_1.heic')))
  expect(asset).toMatchObject({ type: 'IMAGE', width: 640, height: 480 })
  expect(await derived(id, 'thumbnail')).toMatchObject({ width: 333, height: 250 })
})

test('a picture with holes is shown on white', async () => {
  const clear = sharp({ create: { width: 60, height: 60, channels: 4, background: '#00000000' } })
  const { id } = await keep('clear.png', await clear.png().toBuffer())
  const { channels } = await sharp((await derived(id, 'preview')).bytes).stats()
  expect(channels.every(({ mean }) => mean > 250)).toBe(true)
})

test('a video has a poster, a duration, a date, and plays from anywhere', async () => {
  const options = ['-i', 'testsrc=size=640x480:rate=25', '-t', '3', '-pix_fmt', 'yuv420p']
  const bytes = await generated('beach.mp4', ...options, '-metadata', 'creation_time=2023-06-07T08:09:10Z')
  const { id, ...video } = await keep('beach.mp4', bytes)
  expect(video).toMatchObject({
    type: 'VIDEO',
    duration: 3000,
    width: 640,
    height: 480,
    fileCreatedAt: '2023-06-07T08:09:10.000Z',
  })
  expect(await derived(id, 'thumbnail')).toMatchObject({ width: 333, height: 250 })

  const part = await api(gran, `/assets/${id}/video/playback`, { headers: { range: 'bytes=1000-1999' } })
  expect([part.status, part.headers.get('content-type')]).toEqual([206, 'video/mp4'])
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true)
})

test('a video held upright is shown upright', async () => {
  const flat = join(folder, 'flat.mp4')
  await generated('flat.mp4', '-i', 'testsrc=size=320x240:rate=25', '-t', '1', '-pix_fmt', 'yuv420p')
  const tall = join(folder, 'tall.mp4')
  await run('ffmpeg', ['-v', 'error', '-y', '-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', tall])
  const { id, ...video } = await keep('tall.mp4', await readFile(tall))
  expect(video).toMatchObject({ width: 240, height: 320 })
  const { width, height } = await derived(id, 'preview')
  expect(height).toBeGreaterThan(width)
})

test('a picture that calls itself a video counts as one, and breaks nothing', async () => {
  const before = await json<{ videos: number }>(gran, '/assets/statistics')
  const asset = await keep('example.mp4', onePixelPng)
  expect(asset).toMatchObject({ type: 'VIDEO' })
  expect(await json(gran, '/assets/statistics')).toMatchObject({ videos: before.videos + 1 })
})

test('without ffmpeg a video is kept and plays, only without a poster', async () => {
  const environment = {
    PORCHLIGHT_FFMPEG_PATH: '/nowhere/ffmpeg',
    PORCHLIGHT_FFPROBE_PATH: '/nowhere/ffprobe',
  }
  await using bare = await startServer({ environment })
  const admin = await bare.signUpAdmin()
  const client = { port: bare.port, person: admin }
  const bytes = await generated(
    'bare.mp4',
    '-i',
    'testsrc=size=320x240:rate=25',
    '-t',
    '2',
    '-pix_fmt',
    'yuv420p',
  )
  const { id, ...video } = await keep('bare.mp4', bytes, client, bare)
  expect(video).toMatchObject({ type: 'VIDEO', thumbhash: null, width: 320, height: 240, duration: 2000 })
  expect((await api(client, `/assets/${id}/thumbnail`)).status).toBe(404)
  expect((await api(client, `/assets/${id}/video/playback`)).status).toBe(200)
  expect(await json(client, '/server/about')).not.toHaveProperty('ffmpeg')
  const failed = await bare.app.db.selectFrom('jobs').select('id').execute()
  expect(failed).toEqual([])
})
