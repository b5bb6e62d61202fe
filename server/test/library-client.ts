import { setTimeout as pause } from 'node:timers/promises'
import sharp, { type Exif } from 'sharp'
import type { SignedIn, TestServer } from './start-server.ts'

/** The port and the person: all that a client of the library needs. */
export type Client = { port: number; person: Pick<SignedIn, 'headers'> }

export type Uploaded = {
  status: number
  body: { id: string; status: string; message?: string; errors?: unknown[] }
}

type Upload = {
  name: string
  bytes: Uint8Array
  fields?: Record<string, string>
  headers?: Record<string, string>
}

const dates = { fileCreatedAt: '2024-05-05T10:00:00.000Z', fileModifiedAt: '2024-05-05T10:00:00.000Z' }

/** As Immich's CLI does it: dates before the file, visibility after it. */
export async function upload(
  client: Client,
  { name, bytes, fields = {}, headers }: Upload,
): Promise<Uploaded> {
  const form = new FormData()
  for (const [field, value] of Object.entries({ ...dates, isFavorite: 'false', fileSize: '1', ...fields })) {
    form.set(field, value)
  }
  form.set('assetData', new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), name)
  form.set('visibility', fields['visibility'] ?? 'timeline')
  return sendForm(client, form, headers)
}

export async function sendForm(client: Client, form: FormData, headers = {}): Promise<Uploaded> {
  const response = await api(client, '/assets', { method: 'POST', body: form, headers })
  return { status: response.status, body: (await response.json()) as Uploaded['body'] }
}

/** `path` below `/api`. */
export function api({ port, person }: Client, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...person.headers, ...(init.headers as Record<string, string> | undefined) }
  return fetch(`http://127.0.0.1:${port}/api${path}`, { redirect: 'manual', ...init, headers })
}

export async function json<T>(client: Client, path: string, init: RequestInit = {}): Promise<T> {
  const response = await api(client, path, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as T
}

export const sends = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

/** Waits until every job is done or has failed for good. */
export async function untilQuiet({ app }: Pick<TestServer, 'app'>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const busy = await app.db
      .selectFrom('jobs')
      .select('id')
      .where('state', '!=', 'failed')
      .limit(1)
      .execute()
    if (busy.length === 0) return
    await pause(50)
  }
  throw new Error('the jobs never came to an end')
}

type Picture = { seed?: number; width?: number; height?: number; exif?: Exif; orientation?: number }

/** A photo like no other: noise, so that no two have the same bytes. */
export function jpeg({
  seed = Math.random(),
  width = 640,
  height = 480,
  exif,
  orientation,
}: Picture = {}): Promise<Buffer> {
  const shade = Math.floor((seed * 1_000) % 200)
  const picture = sharp({
    create: {
      width,
      height,
      channels: 3,
      background: { r: shade, g: 90, b: 60 },
      noise: { type: 'gaussian', mean: 120, sigma: 20 },
    },
  }).jpeg()
  if (orientation !== undefined) picture.withMetadata({ orientation })
  return (exif ? picture.withExif(exif) : picture).toBuffer()
}

/** The smallest PNG: 70 bytes, one pixel. */
export const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
