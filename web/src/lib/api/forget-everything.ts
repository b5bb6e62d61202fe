import { challengeKey } from './proxy-challenge.ts'

/** What a browser keeps for a site beyond its cookies; narrowed so that a test can stand in for it. */
export type BrowserKeep = {
  localStorage: Pick<Storage, 'clear'>
  sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'clear'>
  caches?: Pick<CacheStorage, 'keys' | 'delete'>
  indexedDB?: Pick<IDBFactory, 'deleteDatabase'> & { databases?: () => Promise<{ name?: string }[]> }
}

/**
 * Drops all that this browser keeps of the person who was here: local and session storage, Cache Storage, IndexedDB.
 * Only the guard against reload loops stays. Best effort: what fails is left for the server's `Clear-Site-Data`; the
 * caller navigates afterwards, which drops the memory too.
 */
export async function forgetEverything({
  localStorage,
  sessionStorage,
  caches,
  indexedDB,
}: BrowserKeep): Promise<void> {
  try {
    localStorage.clear()
    clearAllBut(challengeKey, sessionStorage)
  } catch {
    // Storage that is blocked holds nothing.
  }
  await Promise.allSettled([forgetCaches(caches), forgetDatabases(indexedDB)])
}

function clearAllBut(key: string, store: BrowserKeep['sessionStorage']): void {
  const kept = store.getItem(key)
  store.clear()
  if (kept !== null) store.setItem(key, kept)
}

async function forgetCaches(caches: BrowserKeep['caches']): Promise<void> {
  if (!caches) return
  const names = await caches.keys()
  await Promise.allSettled(names.map((name) => caches.delete(name)))
}

async function forgetDatabases(indexedDB: BrowserKeep['indexedDB']): Promise<void> {
  const databases = (await indexedDB?.databases?.()) ?? []
  for (const { name } of databases) {
    if (name !== undefined) indexedDB?.deleteDatabase(name)
  }
}
