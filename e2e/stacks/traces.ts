import type { HouseholdMember } from '../../scripts/household-people.ts'
import type { RawAnswer } from './peers.ts'

/** All people, deleted ones too, and the number of their sessions, as the admin sees them. */
export async function traces({ api }: HouseholdMember): Promise<{ people: string[]; sessions: number }> {
  const people = await api.get<{ id: string; email: string }[]>('/admin/users?withDeleted=true')
  const sessions = await Promise.all(
    people.map(({ id }) => api.get<unknown[]>(`/admin/users/${id}/sessions`)),
  )
  return { people: people.map(({ email }) => email).toSorted(), sessions: sessions.flat().length }
}

/** Whether the answer hands out a session; an emptied cookie does not. */
export function handsOutSession({ headers }: RawAnswer): boolean {
  return (headers.get('set-cookie') ?? []).some((cookie) => /^immich_access_token=[^;]/.test(cookie))
}
