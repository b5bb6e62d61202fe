import { sql, type Kysely } from 'kysely'

/** PIN codes and which sessions are unlocked by them; where people signed in by password before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table users add column pin_hash text`,
  `alter table sessions add column pin_expires_at text`,
  `create table sign_in_places (
    user_id text not null references users (id) on delete cascade, place text not null, seen_at text not null,
    primary key (user_id, place)
  )`,
]
