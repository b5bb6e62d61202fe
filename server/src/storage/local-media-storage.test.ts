import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Problem } from '../platform/problem.ts'
import { createLocalMediaStorage } from './local-media-storage.ts'
import { assetIdOf, derivedKey, originalKey, type MediaStorage } from './storage.ts'

let folder: string
let storage: MediaStorage
const owner = { ownerId: randomUUID(), id: randomUUID() }
const key = originalKey(owner, '.jpg')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-storage-'))
  storage = createLocalMediaStorage({ folder })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const incoming = () => readdir(join(folder, 'incoming'))
const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)))

test('what comes in is hashed, placed and read again, whole or in part', async () => {
  const received = await storage.receive(chunks('hello ', 'family'))
  expect(received).toMatchObject({
    bytes: 12,
    checksum: createHash('sha1').update('hello family').digest('hex'),
  })
  await storage.place(received.path, key)
  expect(await incoming()).toEqual([])

  const file = await storage.open(key)
  expect(file?.size).toBe(12)
  expect((await file?.read())?.toString()).toBe('hello family')
  const part = (await storage.open(key))?.stream({ start: 6, end: 8 })
  expect(Buffer.concat((await part?.toArray()) as Buffer[]).toString()).toBe('fam')

  await storage.remove(key)
  await storage.remove(key)
  expect(await storage.open(key)).toBeUndefined()
})

test('a stream that breaks leaves nothing', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half a ')
      throw new Error('cable pulled')
    })(),
  )
  await expect(storage.receive(broken)).rejects.toThrow('cable pulled')
  expect(await incoming()).toEqual([])
})

test('whoever watches the bytes can stop them, and nothing stays', async () => {
  const seen: number[] = []
  const onBytes = (total: number) => {
    seen.push(total)
    if (total > 8) throw new Error('too much')
  }
  await expect(storage.receive(chunks('1234', '5678', '90'), { onBytes })).rejects.toThrow('too much')
  expect([seen, await incoming()]).toEqual([[4, 8, 10], []])
})

test('a full disk is told to the person in plain words, and leaves nothing', async () => {
  // The kernel's own full disk: whatever is written to it fails with ENOSPC.
  const full = createLocalMediaStorage({
    folder,
    openFile: async (path) => {
      await writeFile(path, '')
      return open('/dev/full', 'w')
    },
  })
  const failure = await full.receive(chunks('a photo')).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Problem)
  expect(failure).toMatchObject({
    status: 507,
    message: expect.stringContaining('No space left on the server') as string,
  })
  expect(await incoming()).toEqual([])
})

test('the side is emptied at start, named files stay', async () => {
  const received = await storage.receive(chunks('kept'))
  await storage.place(received.path, key)
  await storage.receive(chunks('never placed'))
  await writeFile(storage.scratchPath('.webp'), 'half')
  await storage.emptySide()
  expect(await incoming()).toEqual([])
  expect(await readFile(storage.localPath(key), 'utf8')).toBe('kept')
})

test.each([
  '../../etc/passwd',
  'originals/../../x.jpg',
  `/${key}`,
  `${key}/..`,
  key.replace('.jpg', '.jpg\n'),
  key.replace('originals', 'incoming'),
  '',
])('%j is no key, so no path', (text) => {
  expect(assetIdOf(text)).toBeUndefined()
  expect(() => storage.localPath(text)).toThrow('not a storage key')
})

test('a key tells which asset it belongs to', () => {
  expect(assetIdOf(key)).toBe(owner.id)
  expect(assetIdOf(derivedKey(owner, 'preview.jpeg'))).toBe(owner.id)
})
