import { hash } from 'node:crypto'

type Remembered<T> = { value: T; until: number; version: number }

/**
 * Tokens that were found good, so that a page of fifty thumbnails costs one signature check. Kept by their hash: a token
 * is a credential, and 16 kB.
 */
export function createTokenMemory<T>(capacity: number) {
  const memory = new Map<string, Remembered<T>>()
  return {
    /** What was remembered of a token, while its time is not over and the keys are the same. */
    recall(token: string, { at, version }: { at: number; version: number }): T | undefined {
      const key = keyOf(token)
      const found = memory.get(key)
      if (!found) return undefined
      if (at < found.until && version === found.version) return found.value
      memory.delete(key)
      return undefined
    },
    /** When it is full, the oldest goes. */
    remember(token: string, found: Remembered<T>): void {
      memory.set(keyOf(token), found)
      const [oldest] = memory.keys()
      if (memory.size > capacity && oldest !== undefined) memory.delete(oldest)
    },
    size: () => memory.size,
  }
}

const keyOf = (token: string) => hash('sha256', token, 'base64')
