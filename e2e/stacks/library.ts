import type { HouseholdApi } from '../../scripts/household-api.ts'

type Columns = { id: string[]; thumbhash: (string | null)[] }

/** All assets on a person's timeline; `ready` once the thumbnail has been made. */
export async function wholeLibrary(api: HouseholdApi): Promise<{ id: string; ready: boolean }[]> {
  const buckets = await api.get<{ timeBucket: string }[]>('/timeline/buckets')
  const months = await Promise.all(
    buckets.map(({ timeBucket }) => api.get<Columns>(`/timeline/bucket?timeBucket=${timeBucket}`)),
  )
  return months.flatMap(({ id, thumbhash }) =>
    id.map((one, at) => ({ id: one, ready: Boolean(thumbhash[at]) })),
  )
}
