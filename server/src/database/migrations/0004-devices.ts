import { sql, type Kysely } from 'kysely'

/** Names of devices and where they were last seen; sessions that belong to a session; one-time codes for apps; keys that end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table sessions add column name text`,
  `alter table sessions add column seen_from text`,
  `alter table sessions add column parent_id text references sessions (id) on delete cascade`,
  `create index sessions_of_parent on sessions (parent_id)`,
  `create table device_codes (
    code_hash text primary key, user_id text not null references users (id) on delete cascade,
    redirect_uri text not null, code_challenge text not null, vouched_at text not null, expires_at text not null
  )`,
  `alter table api_keys add column expires_at text`,
]
