import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMediaProcess } from '../src/media/media-process.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createLogger } from '../src/platform/logger.ts'
import { createProfilePictures } from '../src/profile-pictures/profile-pictures.ts'
import { createFileIntentStore } from '../src/storage/file-intent-store.ts'
import { createFileKeeper } from '../src/storage/file-keeper.ts'
import { createLocalMediaStorage } from '../src/storage/local-media-storage.ts'
import { api, jpeg, json, sends, untilQuiet, type Client } from './library-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let admin: Client
let gran: Client & { id: string }
let members = 0

beforeAll(async () => {
  server = await startServer()
  admin = { port: server.port, person: await server.signUpAdmin() }
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  members += 1
  const person = await server.addPerson({ ...people.gran, email: `member${members}@home.example` })
  gran = { port: server.port, person, id: person.id }
})

type Shown = { profileImagePath: string; profileChangedAt: string }
const me = (client: Client) => json<Shown>(client, '/users/me')

async function setPicture(client: Client, bytes: Uint8Array, field = 'file') {
  const body = new FormData()
  body.set(field, new Blob([Uint8Array.from(bytes)], { type: 'image/png' }), 'me.png')
  const response = await api(client, '/users/profile-image', { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

const pictureOf = (client: Client, id: string) => api(client, `/users/${id}/profile-image`)

const filesOf = async (id: string) =>
  readdir(join(server.dataDir, 'media/profiles', id)).catch(() => [] as string[])

test('gran shows a picture of herself: small, upright, and with nothing of the file in it', async () => {
  const before = await me(gran)
  expect(before.profileImagePath).toBe('')
  expect((await pictureOf(gran, gran.id)).status).toBe(404)

  const exif = { IFD0: { Copyright: 'a secret' } }
  const set = await setPicture(gran, await jpeg({ width: 1200, height: 800, exif, orientation: 6 }))
  const { profileImagePath, profileChangedAt } = await me(gran)
  expect(set).toEqual({ status: 201, body: { userId: gran.id, profileImagePath, profileChangedAt } })
  expect(profileImagePath).not.toBe('')
  expect(profileChangedAt > before.profileChangedAt).toBe(true)

  const answer = await pictureOf(gran, gran.id)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('image/webp')
  expect(answer.headers.get('cache-control')).toMatch(/^private/)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const shown = await sharp(bytes).metadata()
  expect([shown.width, shown.height, shown.exif]).toEqual([250, 375, undefined])
})

test('a new picture replaces the old one, and none is left of both once it is deleted', async () => {
  await setPicture(gran, await jpeg({}))
  const [first] = await filesOf(gran.id)
  await setPicture(gran, await jpeg({}))
  await untilQuiet(server)
  const second = await filesOf(gran.id)
  expect(second).toHaveLength(1)
  expect(second).not.toEqual([first])

  const deleted = await api(gran, '/users/profile-image', { method: 'DELETE' })
  expect([deleted.status, await deleted.text()]).toEqual([204, ''])
  expect((await me(gran)).profileImagePath).toBe('')
  expect((await pictureOf(gran, gran.id)).status).toBe(404)
  await untilQuiet(server)
  expect(await filesOf(gran.id)).toEqual([])
  const again = await api(gran, '/users/profile-image', { method: 'DELETE' })
  expect(again.status).toBe(400)
})

test('of ten pictures that are set at once, one is left', async () => {
  const pictures = await Promise.all(Array.from({ length: 10 }, () => jpeg({ width: 40, height: 40 })))
  const answers = await Promise.all(pictures.map((picture) => setPicture(gran, picture)))
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0)
  await untilQuiet(server)
  const { profileImagePath } = await me(gran)
  expect(await filesOf(gran.id)).toEqual([profileImagePath.split('/').at(-1)])
})

test.each([
  ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ['a page', Buffer.from('<!doctype html>')],
  ['nothing', Buffer.alloc(0)],
  ['a broken picture', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(100, 7)])],
])('%s is no picture, and leaves nothing behind', async (_, bytes) => {
  expect(await setPicture(gran, bytes)).toMatchObject({ status: 400 })
  expect((await me(gran)).profileImagePath).toBe('')
  expect(await filesOf(gran.id)).toEqual([])
  expect(await readdir(join(server.dataDir, 'media/incoming'))).toEqual([])
})

test('a form without the file, or none at all, is refused', async () => {
  expect(await setPicture(gran, await jpeg({}), 'other')).toMatchObject({ status: 400 })
  const response = await api(gran, '/users/profile-image', sends('POST', {}))
  expect(response.status).toBe(400)
  const tooLarge = await setPicture(gran, Buffer.alloc(20 * 1024 * 1024 + 1, 0xff))
  expect(tooLarge).toMatchObject({ status: 400, body: { message: 'The picture is larger than 20 MB' } })
})

test('members see each other’s pictures unless the household hides its people; strangers never do', async () => {
  await setPicture(gran, await jpeg({}))
  const person = await server.addPerson({ ...people.anna, email: `anna${members}@home.example` })
  const anna = { port: server.port, person }
  expect((await pictureOf(anna, gran.id)).status).toBe(200)
  const stranger = await fetch(`http://127.0.0.1:${server.port}/api/users/${gran.id}/profile-image`)
  expect(stranger.status).toBe(401)

  const config = await json<{ server: { publicUsers: boolean } }>(admin, '/system-config')
  const show = (publicUsers: boolean) =>
    json(admin, '/system-config', sends('PUT', { ...config, server: { ...config.server, publicUsers } }))
  await show(false)
  expect((await pictureOf(anna, gran.id)).status).toBe(404)
  expect((await pictureOf(gran, gran.id)).status).toBe(200)
  expect((await pictureOf(admin, gran.id)).status).toBe(200)
  await show(true)
})

/** The same parts as the server’s, with an internet of our own. */
function openPictures(picture: () => Promise<Uint8Array>) {
  const said: unknown[] = []
  const logger = { ...createLogger('silent'), info: (entry: unknown) => void said.push(entry) }
  const storage = createLocalMediaStorage({ folder: join(server.dataDir, 'media') })
  const { db } = server.app
  const intents = createFileIntentStore({ db, holder: 'test', clock: systemClock })
  const tools = { ffmpeg: 'none', ffprobe: 'none' }
  const media = createMediaProcess({ logger, tools, scratchPath: storage.scratchPath })
  const removed: string[] = []
  const pictures = createProfilePictures({
    db,
    storage,
    media,
    logger,
    clock: systemClock,
    files: createFileKeeper({ db, storage, intents }),
    removeLater: async (_, key) => void removed.push(key),
    internet: {
      resolve: async () => ['8.8.8.8'],
      async ask() {
        const bytes = await picture()
        const body = (async function* () {
          yield bytes
        })()
        return { status: 200, location: undefined, body, discard: () => {} }
      },
    },
  })
  const close = () => Promise.all([pictures.close(), media.close()])
  return { pictures, removed, said, [Symbol.asyncDispose]: async () => void (await close()) }
}

const rowOf = async (id: string) => {
  const columns = ['picture_key', 'picture_source'] as const
  return server.app.db.selectFrom('users').select(columns).where('id', '=', id).executeTakeFirstOrThrow()
}

test('a picture follows the login service, and what was set by hand stays until that says something else', async () => {
  await using open = openPictures(() => jpeg({ width: 300, height: 300 }))
  const { pictures, removed } = open
  pictures.follow({ id: gran.id, pictureSource: null }, 'https://pics.example/gran')
  await expect.poll(async () => (await rowOf(gran.id)).picture_key, { timeout: 10_000 }).not.toBeNull()
  const followed = await rowOf(gran.id)
  expect(followed.picture_source).toBe('https://pics.example/gran')
  expect((await pictureOf(gran, gran.id)).status).toBe(200)
  expect(await pictures.knowsFile(followed.picture_key ?? '')).toBe(true)

  await setPicture(gran, await jpeg({}))
  const byHand = await rowOf(gran.id)
  expect(byHand.picture_source).toBe('https://pics.example/gran')
  expect(byHand.picture_key).not.toBe(followed.picture_key)
  expect(await pictures.knowsFile(followed.picture_key ?? '')).toBe(false)

  pictures.follow({ id: gran.id, pictureSource: byHand.picture_source }, '')
  await expect.poll(() => rowOf(gran.id)).toEqual({ picture_key: null, picture_source: null })
  expect(removed).toEqual([byHand.picture_key])
})

test('what a login service calls a picture and is none changes nothing', async () => {
  await using open = openPictures(async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  open.pictures.follow({ id: gran.id, pictureSource: null }, 'https://pics.example/gran')
  const reason = 'This is not a picture that can be read'
  const from = 'https://pics.example/gran'
  await expect.poll(() => open.said, { timeout: 10_000 }).toEqual([{ userId: gran.id, from, reason }])
  expect(await rowOf(gran.id)).toEqual({ picture_key: null, picture_source: null })
  expect(await readdir(join(server.dataDir, 'media/incoming'))).toEqual([])
})
