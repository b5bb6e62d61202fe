import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { StartProblem } from '../platform/environment.ts'
import type { Logger } from '../platform/logger.ts'
import * as household from './migrations/0001-household.ts'
import * as frontDoor from './migrations/0002-front-door.ts'
import * as devices from './migrations/0004-devices.ts'
import * as sharedLinks from './migrations/0005-shared-links.ts'
import * as openidConnect from './migrations/0003-openid-connect.ts'
import * as pin from './migrations/0006-pin.ts'
import type { Schema } from './schema.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'

export type Database = Kysely<Schema>
export type DatabaseTransaction = Transaction<Schema>
/** The few places where the two differ (claiming a job) ask for this. */
export type DatabaseKind = 'sqlite' | 'postgresql'

/** One ordered list; names never change once released. */
const migrations = {
  '0001-household': household,
  '0002-front-door': frontDoor,
  '0003-openid-connect': openidConnect,
  '0004-devices': devices,
  '0005-shared-links': sharedLinks,
  '0006-pin': pin,
}

/** PostgreSQL sends 64-bit integers as text; ours are byte and row counts, far below 2^53. */
const int8 = 20

/**
 * Opens PostgreSQL by `url`, else the SQLite file `file`, and brings the tables up to date.
 *
 * @throws {StartProblem} when it cannot be opened
 */
export async function openDatabase(where: {
  url: string | undefined
  file: string
  logger: Logger
}): Promise<{ db: Database; kind: DatabaseKind }> {
  const db = await connect(where).catch((error: Error & { code?: string }) => {
    // Without the address, which holds a password.
    const what = where.url ? 'PORCHLIGHT_DATABASE_URL: the database' : `The database ${where.file}`
    throw new StartProblem(`${what} cannot be used: ${error.message || error.code}`)
  })
  await migrate(db)
  return { db, kind: where.url ? 'postgresql' : 'sqlite' }
}

/** The database, known to answer. */
async function connect({ url, file, logger }: Parameters<typeof openDatabase>[0]): Promise<Database> {
  const dialect = url ? await createPostgresDialect(url, logger) : createSqliteDialect(file)
  const db = new Kysely<Schema>({ dialect })
  await sql`select 1`.execute(db)
  return db
}

/** The driver is loaded only where it is used: most households have no PostgreSQL, and it takes 10 MB. */
async function createPostgresDialect(url: string, logger: Logger): Promise<PostgresDialect> {
  const { Pool, types } = await import('pg')
  types.setTypeParser(int8, Number)
  const pool = new Pool({ connectionString: url, max: 10 })
  // Without a listener, a database restart would end this process.
  pool.on('error', (error) => logger.warn({ err: error }, 'a database connection was lost'))
  return new PostgresDialect({ pool })
}

async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** True for a broken unique constraint on either database: two requests raced for the same thing. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number }
  // PostgreSQL: SQLSTATE 23505. SQLite: SQLITE_CONSTRAINT_PRIMARYKEY 1555, SQLITE_CONSTRAINT_UNIQUE 2067.
  return code === '23505' || errcode === 1555 || errcode === 2067
}
