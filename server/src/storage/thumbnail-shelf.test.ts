import { expect, test } from 'vitest'
import type { MediaStorage, StoredFile } from './storage.ts'
import { keepThumbnails } from './thumbnail-shelf.ts'

const kibibyte = 1024

/** A storage of texts that counts how often each file is opened. */
function countingStorage(files: Record<string, string>) {
  const opened: string[] = []
  const open = async (key: string): Promise<StoredFile | undefined> => {
    opened.push(key)
    const text = files[key]
    if (text === undefined) return undefined
    const unused = () => {
      throw new Error('not used')
    }
    return {
      size: text.length,
      tag: text.slice(0, 3),
      stream: unused,
      read: async () => Buffer.from(text),
      close: async () => {},
    }
  }
  const place = async (path: string, key: string) => void (files[key] = path)
  const remove = async (key: string) => void delete files[key]
  return { opened, storage: { open, place, remove } as unknown as MediaStorage }
}

const read = async (storage: MediaStorage, key: string) =>
  (await (await storage.open(key))?.read())?.toString()

test('a thumbnail that was just seen is not read again', async () => {
  const { opened, storage } = countingStorage({ 'derived/a': 'lamp' })
  const shelf = keepThumbnails(storage, { maxBytes: kibibyte })
  expect([await read(shelf, 'derived/a'), await read(shelf, 'derived/a')]).toEqual(['lamp', 'lamp'])
  expect((await shelf.open('derived/a'))?.tag).toBe('lam')
  expect(opened).toEqual(['derived/a'])
})

test('a part of a kept thumbnail is just that part', async () => {
  const shelf = keepThumbnails(countingStorage({ 'derived/a': 'porchlight' }).storage, { maxBytes: kibibyte })
  await shelf.open('derived/a')
  const stream = (await shelf.open('derived/a'))?.stream({ start: 5, end: 7 })
  expect(Buffer.concat((await stream?.toArray()) as Buffer[]).toString()).toBe('lig')
})

test('originals and big files are never kept', async () => {
  const { opened, storage } = countingStorage({
    'originals/a': 'x',
    'derived/big': 'y'.repeat(65 * kibibyte),
  })
  const shelf = keepThumbnails(storage, { maxBytes: 1000 * kibibyte })
  for (const key of ['originals/a', 'originals/a', 'derived/big', 'derived/big']) await shelf.open(key)
  expect(opened).toEqual(['originals/a', 'originals/a', 'derived/big', 'derived/big'])
})

test('the longest unused goes first when the shelf is full', async () => {
  const { opened, storage } = countingStorage({
    'derived/a': 'aaaa',
    'derived/b': 'bbbb',
    'derived/c': 'cccc',
  })
  const shelf = keepThumbnails(storage, { maxBytes: 8 })
  for (const key of ['derived/a', 'derived/b', 'derived/a', 'derived/c', 'derived/a', 'derived/b'])
    await read(shelf, key)
  expect(opened).toEqual(['derived/a', 'derived/b', 'derived/c', 'derived/b'])
})

test('a thumbnail that was made anew or removed is not shown in its old form', async () => {
  const shelf = keepThumbnails(countingStorage({ 'derived/a': 'old' }).storage, { maxBytes: kibibyte })
  await read(shelf, 'derived/a')
  await shelf.place('new', 'derived/a')
  expect(await read(shelf, 'derived/a')).toBe('new')
  await shelf.remove('derived/a')
  expect(await shelf.open('derived/a')).toBeUndefined()
})
