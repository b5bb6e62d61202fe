import { expect, it, vi } from 'vitest'
import { forgetEverything } from './forget-everything.ts'

function sessionStore(kept: Record<string, string> = {}) {
  const store = new Map(Object.entries(kept))
  return {
    store,
    sessionStorage: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      clear: () => store.clear(),
    },
  }
}

it('keeps of the session storage only the guard against reload loops', async () => {
  const { store, sessionStorage } = sessionStore({ 'porchlight.challenge': '{}', 'sveltekit:scroll': '{}' })
  await forgetEverything({ localStorage: { clear: () => undefined }, sessionStorage })
  expect([...store]).toEqual([['porchlight.challenge', '{}']])
})

it('leaves nothing of the person: local storage, Cache Storage, IndexedDB', async () => {
  const clear = vi.fn<() => void>()
  const deleteCache = vi.fn<(name: string) => Promise<boolean>>(async () => true)
  const deleteDatabase = vi.fn<(name: string) => IDBOpenDBRequest>()
  await forgetEverything({
    localStorage: { clear },
    sessionStorage: sessionStore().sessionStorage,
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
    localStorage: {
      clear() {
        throw new Error('blocked')
      },
    },
    sessionStorage: sessionStore().sessionStorage,
    caches: { keys: blocked, delete: blocked },
    indexedDB: { databases: async () => [{ name: 'timeline' }], deleteDatabase },
  })
  expect(deleteDatabase).toHaveBeenCalledTimes(1)
})
