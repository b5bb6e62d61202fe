import { expect, it, vi } from 'vitest'
import { forgetEverything } from './forget-everything.ts'

it('leaves nothing of the person: local storage, Cache Storage, IndexedDB', async () => {
  const clear = vi.fn<() => void>()
  const deleteCache = vi.fn<(name: string) => Promise<boolean>>(async () => true)
  const deleteDatabase = vi.fn<(name: string) => IDBOpenDBRequest>()
  await forgetEverything({
    localStorage: { clear },
    caches: { keys: async () => ['pictures', 'pages'], delete: deleteCache },
    indexedDB: { databases: async () => [{ name: 'timeline' }, {}], deleteDatabase },
  })
  expect(clear).toHaveBeenCalledTimes(1)
  expect(deleteCache.mock.calls).toEqual([['pictures'], ['pages']])
  expect(deleteDatabase.mock.calls).toEqual([['timeline']])
})

it('does what it can when a store is blocked', async () => {
  const deleteDatabase = vi.fn<(name: string) => IDBOpenDBRequest>()
  const blocked = async (): Promise<never> => {
    throw new Error('blocked')
  }
  await forgetEverything({
    localStorage: { clear: () => undefined },
    caches: { keys: blocked, delete: blocked },
    indexedDB: { databases: async () => [{ name: 'timeline' }], deleteDatabase },
  })
  expect(deleteDatabase).toHaveBeenCalledTimes(1)
})
