import { sql, type Kysely } from 'kysely'

/** The login service's id and picture of a person, the audit trail, and tokens that count once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table users add column header_id text`,
  `alter table users add column picture_key text`,
  `alter table users add column picture_source text`,
  `create unique index users_by_header_id on users (header_id)`,
  `create table audit_events (
    id text primary key, sameness text not null unique, kind text not null, code text, method text,
    user_id text, actor_id text, email text, peer text, details text,
    count integer not null, first_at text not null, last_at text not null
  )`,
  `create index audit_events_by_time on audit_events (last_at, id)`,
  `create table used_tokens (id text primary key, expires_at text not null)`,
]
