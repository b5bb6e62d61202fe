import type { DryRunDto } from './check-types.ts'

/** Whom the proxy would have named, or why nobody. */
export function verdictWords({ verdict }: DryRunDto): string {
  if (!verdict) return ''
  if ('refused' in verdict) return `Nobody is vouched for: ${verdict.explanation}`
  const { email, name, groups = [] } = verdict.identity
  const who = name ? `${name} (${email})` : email
  return `The proxy vouches for ${who}${groups.length > 0 ? `, in ${groups.join(', ')}` : ''}.`
}

export function accountWords(account: NonNullable<DryRunDto['account']>): string {
  if (account.outcome === 'new') return 'That person is new here: an account would be made.'
  if (account.outcome === 'refused') return `That person would not be let in (${account.code}).`
  const changes = account.changes.length > 0 ? ` Changes there: ${account.changes.join(', ')}.` : ''
  return `That opens the account of ${account.name}${account.isAdmin ? ', an admin' : ''}.${changes}`
}
