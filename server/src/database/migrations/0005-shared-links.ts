import { sql, type Kysely } from 'kysely'

/** Links by which people without an account see an album or a few assets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table shared_links (
    id text primary key, user_id text not null references users (id) on delete cascade,
    link_key text not null unique, slug text unique, type text not null,
    album_id text references albums (id) on delete cascade, description text, password_hash text, expires_at text,
    allow_upload integer not null, allow_download integer not null, show_metadata integer not null,
    created_at text not null
  )`,
  `create index shared_links_of_user on shared_links (user_id, created_at)`,
  `create index shared_links_of_album on shared_links (album_id)`,
  `create table shared_link_assets (
    link_id text not null references shared_links (id) on delete cascade,
    asset_id text not null references assets (id) on delete cascade,
    primary key (link_id, asset_id)
  )`,
  `create index shared_link_assets_of_asset on shared_link_assets (asset_id)`,
]
