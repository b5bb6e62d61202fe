import { sql, type Kysely } from 'kysely'

/** The first tables: people and how they get in, settings, the library, jobs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table users (
    id text primary key, email text not null unique, name text not null, password_hash text, made_by text not null,
    is_admin integer not null, avatar_color text not null, storage_label text unique,
    should_change_password integer not null, is_onboarded integer not null,
    quota_bytes bigint, usage_bytes bigint not null, preferences text not null, profile_changed_at text not null,
    created_at text not null, updated_at text not null, deleted_at text
  )`,
  `create table sessions (
    id text primary key, token_hash text not null unique,
    user_id text not null references users (id) on delete cascade,
    method text not null, device_type text not null, device_os text not null, app_version text,
    created_at text not null, updated_at text not null, expires_at text
  )`,
  `create index sessions_of_user on sessions (user_id)`,
  `create table api_keys (
    id text primary key, user_id text not null references users (id) on delete cascade,
    name text not null, key_hash text not null unique, permissions text not null,
    created_at text not null, updated_at text not null
  )`,
  `create index api_keys_of_user on api_keys (user_id)`,
  `create table stored_settings (key text primary key, value text not null, updated_at text not null)`,
  `create table assets (
    id text primary key, owner_id text not null references users (id),
    checksum text not null, type text not null, original_key text not null, original_file_name text not null,
    mime_type text not null, size_bytes bigint not null,
    file_created_at text not null, file_modified_at text not null, local_date_time text not null, month text not null,
    visibility text not null, is_favorite integer not null, duration_ms bigint, width integer, height integer,
    thumbhash text, thumbnail_key text, preview_key text, metadata_at text,
    created_at text not null, updated_at text not null, deleted_at text,
    unique (owner_id, checksum)
  )`,
  `create index assets_of_month on assets (owner_id, month, visibility)`,
  `create index assets_in_trash on assets (owner_id) where deleted_at is not null`,
  `create table asset_exif (
    asset_id text primary key references assets (id) on delete cascade,
    make text, model text, lens_model text, orientation text, date_time_original text, modify_date text, time_zone text,
    f_number double precision, focal_length double precision, iso integer, exposure_time text,
    exif_width integer, exif_height integer, latitude double precision, longitude double precision,
    city text, state text, country text, description text not null, projection_type text, rating integer,
    edited text not null
  )`,
  `create table asset_counts (
    owner_id text not null references users (id) on delete cascade, month text not null, type text not null,
    visibility text not null, is_favorite integer not null, is_trashed integer not null, count integer not null,
    bytes bigint not null,
    primary key (owner_id, month, type, visibility, is_favorite, is_trashed)
  )`,
  `create table albums (
    id text primary key, name text not null, description text not null, thumbnail_asset_id text,
    sort_order text not null, is_activity_enabled integer not null, created_at text not null, updated_at text not null
  )`,
  `create table album_users (
    album_id text not null references albums (id) on delete cascade,
    user_id text not null references users (id) on delete cascade, role text not null,
    primary key (album_id, user_id)
  )`,
  `create index albums_of_user on album_users (user_id)`,
  `create table album_assets (
    album_id text not null references albums (id) on delete cascade,
    asset_id text not null references assets (id) on delete cascade, created_at text not null,
    primary key (album_id, asset_id)
  )`,
  `create index albums_of_asset on album_assets (asset_id)`,
  `create table jobs (
    id text primary key, name text not null, subject text not null, state text not null, attempts integer not null,
    due_at text, holder text, revision integer not null, error text, created_at text not null,
    unique (name, subject)
  )`,
  `create index jobs_due on jobs (due_at)`,
  `create table file_intents (key text primary key, holder text not null, created_at text not null)`,
]
