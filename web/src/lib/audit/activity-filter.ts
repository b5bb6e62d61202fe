/** What an admin looks for; `''` stands for anything. Kept in the address of the page, so that it can be sent on. */
export type ActivityFilter = { kind: string; userId: string; since: string; search: string }

export const emptyFilter: ActivityFilter = { kind: '', userId: '', since: '', search: '' }

const hour = 60 * 60 * 1000
const spans: Record<string, number> = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour }

export const sinceChoices = [
  { value: '', text: 'Any time' },
  { value: 'hour', text: 'The last hour' },
  { value: 'day', text: 'The last 24 hours' },
  { value: 'week', text: 'The last 7 days' },
  { value: 'month', text: 'The last 30 days' },
]

const names = ['kind', 'userId', 'since', 'search'] as const

/** Out of the address of the page; what does not fit is left out. */
export function filterOf(address: URLSearchParams): ActivityFilter {
  const filter = { ...emptyFilter }
  for (const name of names) filter[name] = address.get(name)?.trim() ?? ''
  if (!Object.hasOwn(spans, filter.since)) filter.since = ''
  return filter
}

/** Into the address of the page; '' for a filter that finds everything. */
export function addressOf(filter: ActivityFilter): string {
  const set = names.filter((name) => filter[name] !== '').map((name) => [name, filter[name]])
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

/** What the server is asked; `since` becomes a time. */
export function queryOf(
  { since, ...rest }: ActivityFilter,
  { now, before }: { now: number; before?: string | undefined },
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) if (value !== '') query.set(name, value)
  const span = Object.hasOwn(spans, since) ? spans[since] : undefined
  if (span !== undefined) query.set('from', new Date(now - span).toISOString())
  if (before !== undefined) query.set('before', before)
  return query.toString()
}
