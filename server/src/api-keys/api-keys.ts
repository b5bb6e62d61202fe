import type { User } from '../users/users.ts'

export type ApiKey = {
  id: string
  userId: string
  name: string
  /** Immich's permission words; `all` grants everything. Unknown words are kept and grant nothing here. */
  permissions: readonly string[]
  createdAt: string
  updatedAt: string
  /** Null: it has no end. */
  expiresAt: string | null
}

export type ApiKeys = {
  /** @returns the key and its secret; the secret is shown this once */
  add(key: {
    userId: string
    name: string
    permissions: readonly string[]
    expiresAt?: Date | undefined
  }): Promise<{ apiKey: ApiKey; secret: string }>
  /** The key of that secret with its person; undefined when unknown, at its end, or the person is deleted. */
  bySecret(secret: string): Promise<{ apiKey: ApiKey; user: User } | undefined>
  listOf(userId: string): Promise<ApiKey[]>
  /** Which of these still grant everything, of people who are still here. */
  stillGrantAll(ids: readonly string[]): Promise<string[]>
  byId(of: { userId: string; id: string }): Promise<ApiKey | undefined>
  change(
    of: { userId: string; id: string },
    changes: { name?: string; permissions?: readonly string[] },
  ): Promise<ApiKey | undefined>
  /** The same key with another secret; the old one opens nothing from then on. Undefined when there is no such key. */
  rotate(of: { userId: string; id: string }): Promise<{ apiKey: ApiKey; secret: string } | undefined>
  remove(of: { userId: string; id: string }): Promise<boolean>
  /** Hears at once of the keys whose secret this process replaced. */
  onRotated(listener: (id: string) => void): void
}

/** Whether a holder of `granted` may do what needs `permission` (undefined: only `all` will do; false: nothing is needed). */
export function grants(granted: readonly string[], permission: string | false | undefined): boolean {
  if (permission === false || granted.includes('all')) return true
  return permission !== undefined && granted.includes(permission)
}
