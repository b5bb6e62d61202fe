import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../src/database/database.ts'
import { createLogger } from '../src/platform/logger.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createFileIntentStore } from '../src/storage/file-intent-store.ts'
import { createFileKeeper, type FileKeeper } from '../src/storage/file-keeper.ts'
import { readHolder } from '../src/storage/holder.ts'
import { createLocalMediaStorage } from '../src/storage/local-media-storage.ts'
import { originalKey, type MediaStorage } from '../src/storage/storage.ts'
import { createTestDatabase } from './test-database.ts'

let folder: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let db: Database
let storage: MediaStorage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-sweep-'))
  database = await createTestDatabase()
  const file = join(folder, 'sweep.sqlite')
  ;({ db } = await openDatabase({ url: database.url, file, logger: createLogger('silent') }))
  storage = createLocalMediaStorage({ folder })
})
afterEach(async () => {
  await db.destroy()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const keeper = (holder = 'here'): FileKeeper =>
  createFileKeeper({ db, storage, intents: createFileIntentStore({ db, holder, clock: systemClock }) })

/** A file with its name, as far as an upload gets before the database knows of it. */
async function placed(files = keeper()): Promise<string> {
  const path = storage.scratchPath('')
  await writeFile(path, 'a photo')
  const key = originalKey({ ownerId: randomUUID(), id: randomUUID() }, '.jpg')
  await files.place(path, key)
  return key
}

const isThere = async (key: string) => {
  const file = await storage.open(key)
  await file?.close()
  return file !== undefined
}
const intents = () => db.selectFrom('file_intents').selectAll().execute()

test('a file whose asset was never written is removed at the next start', async () => {
  const key = await placed()
  expect(await keeper().sweep(async () => false)).toBe(1)
  expect([await isThere(key), await intents()]).toEqual([false, []])
})

test('a file whose asset was written stays, also when nobody heard of the commit', async () => {
  const files = keeper()
  const settled = await placed(files)
  await db.transaction().execute((tx) => files.settle(tx, [settled]))
  const unheard = await placed(files)
  expect(await keeper().sweep(async (key) => key === unheard)).toBe(0)
  expect([await isThere(settled), await isThere(unheard), await intents()]).toEqual([true, true, []])
})

test('a settlement that is rolled back is none', async () => {
  const files = keeper()
  const key = await placed(files)
  const failing = db.transaction().execute(async (tx) => {
    await files.settle(tx, [key])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await keeper().sweep(async () => false)
  expect(await isThere(key)).toBe(false)
})

test('one server never sweeps what another is about to keep', async () => {
  const key = await placed(keeper('there'))
  expect(await keeper('here').sweep(async () => false)).toBe(0)
  expect(await isThere(key)).toBe(true)
})

test('a file that cannot be placed leaves neither file nor note', async () => {
  const key = originalKey({ ownerId: randomUUID(), id: randomUUID() }, '.jpg')
  await expect(keeper().place(join(folder, 'not there'), key)).rejects.toThrow('ENOENT')
  expect([await isThere(key), await intents()]).toEqual([false, []])
})

test('a data folder keeps its name', () => {
  expect(readHolder(folder)).toBe(readHolder(folder))
  expect(readHolder(folder)).toMatch(/^[0-9a-f-]{36}$/)
})
