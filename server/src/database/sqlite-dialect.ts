import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type SqliteStatement } from 'kysely'

/** A statement costs some 20 µs to prepare; a server runs a few dozen different ones. */
const keptStatements = 500

/**
 * Kysely's SQLite dialect over Node's own `node:sqlite`.
 *
 * Write-ahead log with `synchronous = FULL`: a committed transaction is on the disk, also after a power cut
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function createSqliteDialect(file: string): SqliteDialect {
  const database = new DatabaseSync(file)
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000',
  )
  return new SqliteDialect({ database: { close: () => database.close(), prepare: keepStatements(database) } })
}

/** Statements by their text, with what Kysely asks of each. */
function keepStatements(database: DatabaseSync): (text: string) => SqliteStatement {
  const kept = new Map<string, SqliteStatement>()
  return (text) => {
    const known = kept.get(text)
    if (known) return known
    if (kept.size >= keptStatements) kept.clear()
    const statement = adapt(database.prepare(text))
    kept.set(text, statement)
    return statement
  }
}

const adapt = (statement: StatementSync): SqliteStatement => ({
  reader: statement.columns().length > 0,
  all: (parameters) => statement.all(...bindable(parameters)),
  run: (parameters) => statement.run(...bindable(parameters)),
  iterate: (parameters) => statement.iterate(...bindable(parameters)),
})

const bindable = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
