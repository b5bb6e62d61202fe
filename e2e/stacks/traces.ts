import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RawAnswer } from './peers.ts'

/** What a successful sign-in would leave behind: people (deleted ones too) and sessions, from the database itself. */
export function traces({ dataDir }: { dataDir: string }): { people: unknown[]; sessions: unknown[] } {
  const database = new DatabaseSync(join(dataDir, 'porchlight.sqlite'), { readOnly: true })
  try {
    const column = (sql: string) => database.prepare(sql).all().flatMap(Object.values)
    return {
      people: column('select email from users order by email'),
      sessions: column('select id from sessions order by id'),
    }
  } finally {
    database.close()
  }
}

/** Whether the answer hands out a session; an emptied cookie does not. */
export function handsOutSession({ headers }: RawAnswer): boolean {
  return (headers.get('set-cookie') ?? []).some((cookie) => /^immich_access_token=[^;]/.test(cookie))
}
