import type { User } from '../users/users.ts'
import { quotaExceeded } from './asset-change-store.ts'

/** Ends an upload as soon as it is too large for what its owner has left. */
export const stopAboveQuota =
  ({ quotaBytes, usageBytes }: User) =>
  (total: number) => {
    if (quotaBytes !== null && usageBytes + total > quotaBytes) throw quotaExceeded()
  }
