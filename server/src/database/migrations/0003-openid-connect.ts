import { sql, type Kysely } from 'kysely'

/** Accounts linked to an issuer of OpenID Connect, and which of its sign-ins a session came from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table users add column oauth_issuer text`,
  `alter table users add column oauth_id text`,
  `create unique index users_by_oauth_id on users (oauth_issuer, oauth_id)`,
  `create table openid_sessions (
    session_id text primary key references sessions (id) on delete cascade,
    issuer text not null, subject text not null, sid text, id_token text
  )`,
  `create index openid_sessions_by_subject on openid_sessions (issuer, subject)`,
]
