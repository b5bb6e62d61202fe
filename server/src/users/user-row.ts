import type { Selectable } from 'kysely'
import type { UserTable } from '../database/schema.ts'
import type { User } from './users.ts'

/** A person out of her row; also for the stores that join `users`, so that one query answers who is there. */
export const toUser = (row: Selectable<UserTable>): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  hasPassword: row.password_hash !== null,
  madeBy: row.made_by,
  headerId: row.header_id,
  oauthId: row.oauth_id,
  isAdmin: row.is_admin === 1,
  avatarColor: row.avatar_color,
  storageLabel: row.storage_label,
  shouldChangePassword: row.should_change_password === 1,
  isOnboarded: row.is_onboarded === 1,
  quotaBytes: row.quota_bytes,
  usageBytes: row.usage_bytes,
  pictureKey: row.picture_key,
  pictureSource: row.picture_source,
  profileChangedAt: row.profile_changed_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deletedAt: row.deleted_at,
})
