import type { ApiClient } from '../api/api-client.ts'
import { queryOf, type ActivityFilter } from './activity-filter.ts'

/** Name and address are null for an account that is gone for good. */
export type ActivityPerson = { id: string; name: string | null; email: string | null }

export type ActivityEvent = {
  id: string
  kind: string
  title: string
  code: string | null
  /** What the code means, and what to do about it. */
  reason: string | null
  method: string | null
  person: ActivityPerson | null
  /** Who did it, where that is somebody else. */
  actor: ActivityPerson | null
  /** The address that was claimed. */
  email: string | null
  peer: string | null
  details: Record<string, unknown> | null
  count: number
  firstAt: string
  lastAt: string
}

export type ActivityPage = { events: ActivityEvent[]; next: string | null }

export type ActivityKinds = {
  kinds: { kind: string; title: string; about: string }[]
  codes: { code: string; reason: string }[]
}

export type ActivityApi = {
  /** Newest first; `before` is `next` of the page before. */
  page: (filter: ActivityFilter, before?: string) => Promise<ActivityPage>
  kinds: () => Promise<ActivityKinds>
  /** Where the browser downloads what the filter finds. */
  exportUrl: (filter: ActivityFilter) => string
}

export const createActivityApi = (api: ApiClient, now = () => Date.now()): ActivityApi => ({
  page: (filter, before) => api.get(`/admin/audit?${queryOf(filter, { now: now(), before })}`),
  kinds: () => api.get('/admin/audit/kinds'),
  exportUrl: (filter) => `/api/admin/audit/export?${queryOf(filter, { now: now() })}`,
})
