/**
 * The tables, in the common subset of SQLite and PostgreSQL: text ids (UUID), times as ISO 8601 text in UTC with
 * milliseconds and `Z` (they sort as text), booleans as 0 or 1, JSON as text. Migrations beside this file make them.
 */
export type Schema = {
  users: UserTable
  sessions: SessionTable
  api_keys: ApiKeyTable
  stored_settings: StoredSettingTable
  assets: AssetTable
  asset_exif: AssetExifTable
  asset_counts: AssetCountTable
  albums: AlbumTable
  album_users: AlbumUserTable
  album_assets: AlbumAssetTable
  jobs: JobTable
  file_intents: FileIntentTable
  audit_events: AuditEventTable
  used_tokens: UsedTokenTable
  sign_in_places: SignInPlaceTable
  shared_links: SharedLinkTable
  shared_link_assets: SharedLinkAssetTable
  device_codes: DeviceCodeTable
  openid_sessions: OpenidSessionTable
}

export type Flag = 0 | 1

export type UserTable = {
  id: string
  /** Canonical form (see the engine's e-mail grammar), unique. */
  email: string
  name: string
  /** Null for a person who can only sign in by header. */
  password_hash: string | null
  /** How the account came to be; a header may be barred from accounts it did not make. */
  made_by: 'password' | 'trusted-header' | 'oauth'
  /** The login service's own id of the person, bound at first sight; unique. */
  header_id: string | null
  /** Issuer and subject of OpenID Connect to which the account is linked; unique together. */
  oauth_issuer: string | null
  oauth_id: string | null
  /** Storage key of the profile picture, and the address it was fetched from, if it was. */
  picture_key: string | null
  picture_source: string | null
  is_admin: Flag
  avatar_color: string
  storage_label: string | null
  should_change_password: Flag
  is_onboarded: Flag
  quota_bytes: number | null
  usage_bytes: number
  /** Overrides of the default preferences, JSON. */
  preferences: string
  profile_changed_at: string
  created_at: string
  updated_at: string
  deleted_at: string | null
  /** Argon2id of the PIN that opens the locked folder. */
  pin_hash: string | null
}

export type SessionTable = {
  id: string
  /** SHA-256 of the token, hex. The token itself is only in the client's hands. */
  token_hash: string
  user_id: string
  /** `device`: an app or machine that a person let in; it needs no proxy's word. */
  method: 'password' | 'trusted-header' | 'oauth' | 'device'
  device_type: string
  device_os: string
  app_version: string | null
  created_at: string
  updated_at: string
  expires_at: string | null
  /** What the person calls the device. */
  name: string | null
  /** The address it was last used from, as far as is known; for display. */
  seen_from: string | null
  /** The session that made it, and with which it ends. */
  parent_id: string | null
  /** Until when the locked folder is open to this session; null or past: it is shut. */
  pin_expires_at: string | null
}

/** Codes that apps exchange for a session, once and within a minute. */
export type DeviceCodeTable = {
  /** SHA-256 of the code, hex. */
  code_hash: string
  user_id: string
  /** Where the code was sent to, without query. */
  redirect_uri: string
  /** S256 (RFC 7636). */
  code_challenge: string
  /** When the proxy vouched for the person who said yes. */
  vouched_at: string
  expires_at: string
}

export type ApiKeyTable = {
  id: string
  user_id: string
  name: string
  /** SHA-256 of the secret, hex. */
  key_hash: string
  /** JSON list of permission words. */
  permissions: string
  created_at: string
  updated_at: string
  /** Null: it has no end. */
  expires_at: string | null
}

export type StoredSettingTable = {
  /** `system-config`, or `sign-in-check:<hash of a nonce>`. */
  key: string
  /** JSON: the difference to the defaults; of a check, when it is over. */
  value: string
  updated_at: string
}

export type AssetTable = {
  id: string
  owner_id: string
  /** SHA-1 of the original, hex; unique per owner. */
  checksum: string
  type: 'IMAGE' | 'VIDEO'
  /** Key of the original in the media storage. */
  original_key: string
  original_file_name: string
  mime_type: string
  size_bytes: number
  /** The instant of capture, UTC. */
  file_created_at: string
  file_modified_at: string
  /** The wall clock at the place of capture, written as if it were UTC. */
  local_date_time: string
  /** First day of the month of `local_date_time`, `YYYY-MM-01`: the timeline bucket. */
  month: string
  visibility: 'timeline' | 'archive' | 'hidden' | 'locked'
  is_favorite: Flag
  /** Milliseconds; null for a still image. */
  duration_ms: number | null
  width: number | null
  height: number | null
  /** Base64. */
  thumbhash: string | null
  /** Storage keys of the derived pictures, null until made. */
  thumbnail_key: string | null
  preview_key: string | null
  /** When the metadata was last read from the original; null until then. */
  metadata_at: string | null
  created_at: string
  updated_at: string
  /** Set while the asset is in the trash. */
  deleted_at: string | null
}

export type AssetExifTable = {
  asset_id: string
  make: string | null
  model: string | null
  lens_model: string | null
  orientation: string | null
  date_time_original: string | null
  modify_date: string | null
  time_zone: string | null
  f_number: number | null
  focal_length: number | null
  iso: number | null
  exposure_time: string | null
  exif_width: number | null
  exif_height: number | null
  latitude: number | null
  longitude: number | null
  city: string | null
  state: string | null
  country: string | null
  description: string
  projection_type: string | null
  rating: number | null
  /** What a person changed by hand, so that reading the file again keeps it: JSON list of `date`, `place`, `text`, `rating`. */
  edited: string
}

/** How many assets each owner has, per month and kind: kept with every change, so that nobody counts the library. */
export type AssetCountTable = {
  owner_id: string
  month: string
  type: 'IMAGE' | 'VIDEO'
  visibility: string
  is_favorite: Flag
  is_trashed: Flag
  count: number
  /** Sum of the sizes of the originals. */
  bytes: number
}

export type AlbumTable = {
  id: string
  name: string
  description: string
  thumbnail_asset_id: string | null
  sort_order: 'asc' | 'desc'
  is_activity_enabled: Flag
  created_at: string
  updated_at: string
}

export type AlbumUserTable = {
  album_id: string
  user_id: string
  role: 'owner' | 'editor' | 'viewer'
}

export type AlbumAssetTable = {
  album_id: string
  asset_id: string
  created_at: string
}

export type JobTable = {
  id: string
  name: string
  /** What the job is about, e.g. an asset id; one waiting job per name and subject. */
  subject: string
  state: 'waiting' | 'active' | 'failed'
  attempts: number
  /** When to run it next; while it is active, the end of its lease; null once it has failed for good. */
  due_at: string | null
  /** The server at work on it; one that starts takes back what it left behind. */
  holder: string | null
  /** Counts how often it was asked for: work that was asked for again while it ran is done again. */
  revision: number
  error: string | null
  created_at: string
}

/** Written before a file gets its final name, removed when the database knows the file: what is left after a crash is swept. */
export type FileIntentTable = {
  key: string
  /** The data folder whose server wrote it; only that one sweeps it. */
  holder: string
  created_at: string
}

/** What happened at the door and to the settings. Equal events of one hour are one row with a count. */
export type AuditEventTable = {
  id: string
  /** What counts as equal: hour, kind, code and the facts beside them, as one text; unique. */
  sameness: string
  kind: string
  /** Reason code of a refusal. */
  code: string | null
  method: string | null
  /** Whom it concerns, and who did it where that is somebody else. No foreign keys: the trail outlives the account. */
  user_id: string | null
  actor_id: string | null
  /** The address that was claimed. */
  email: string | null
  /** Address of the socket's other end. */
  peer: string | null
  /** JSON; secrets are masked before they come here. */
  details: string | null
  count: number
  first_at: string
  last_at: string
}

/** What an issuer of OpenID Connect said of a sign-in; gone with its session. */
export type OpenidSessionTable = {
  session_id: string
  issuer: string
  subject: string
  /** The issuer's own id of the sign-in. */
  sid: string | null
  /** Handed back at sign-out, so that the issuer need not ask. */
  id_token: string | null
}

/** Tokens that may be used once, kept until they would be refused for their age. */
export type UsedTokenTable = { id: string; expires_at: string }

export type SharedLinkTable = {
  id: string
  user_id: string
  /** 50 random bytes, base64url. Kept in clear, since its owner looks the link up again. */
  link_key: string
  /** An address of the owner's own choice; unique. */
  slug: string | null
  type: 'ALBUM' | 'INDIVIDUAL'
  album_id: string | null
  description: string | null
  password_hash: string | null
  expires_at: string | null
  allow_upload: Flag
  allow_download: Flag
  show_metadata: Flag
  created_at: string
}

/** What a link of type INDIVIDUAL shows. */
export type SharedLinkAssetTable = { link_id: string; asset_id: string }

/** Networks from which a person signed in by password: what others use up of the attempts does not count there. */
export type SignInPlaceTable = { user_id: string; place: string; seen_at: string }
