import { localMoment, localTime } from '../ui/dates.ts'
import type { ActivityEvent, ActivityPerson } from './activity-api.ts'

const methods: Record<string, string> = {
  password: 'by password',
  'trusted-header': 'by the proxy’s word',
  'api-key': 'by API key',
  'back-channel': 'from the login service',
}

/** `Sat 21 Nov, 10:00`, or from when to when for events that are counted together. */
export function whenWords({
  count,
  firstAt,
  lastAt,
}: Pick<ActivityEvent, 'count' | 'firstAt' | 'lastAt'>): string {
  if (count === 1) return localMoment(lastAt)
  const [first, last] = [localMoment(firstAt), localMoment(lastAt)]
  const times = `${count.toLocaleString('en')} times`
  return first === last ? `${times}, ${last}` : `${times} between ${first} and ${localTime(lastAt)}`
}

/** Whom it concerns: a name, else the address that was claimed. Undefined where nobody was named. */
export function whoWords({ person, email }: Pick<ActivityEvent, 'person' | 'email'>): string | undefined {
  const known = nameOf(person)
  if (known === undefined) return email === 'others' ? 'various addresses' : (email ?? undefined)
  return email === null || email === person?.email ? known : `${known} (${email})`
}

/** `by password · from 10.3.3.2 · by Admin`; '' where nothing is known. */
export function howWords({ method, peer, actor }: Pick<ActivityEvent, 'method' | 'peer' | 'actor'>): string {
  const parts = [
    method !== null && (methods[method] ?? `by ${method}`),
    peer !== null && (peer === 'others' ? 'from various addresses' : `from ${peer}`),
    actor !== null && `done by ${nameOf(actor) ?? 'a deleted account'}`,
  ]
  return parts.filter((part) => part !== false).join(' · ')
}

function nameOf(person: ActivityPerson | null): string | undefined {
  if (person === null) return undefined
  return person.name ?? person.email ?? 'a deleted account'
}

/** A fact of the details; with `before` where it changed. */
export type DetailLine = { name: string; before?: string; value: string }

/** `{ before, after }` as what changed, everything else as it is; dotted names, plain words. */
export function detailLines(details: Record<string, unknown> | null): DetailLine[] {
  if (details === null) return []
  const { before, after, ...rest } = details
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const changed = [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({ name, before: old.get(name) ?? 'nothing', value: now.get(name) ?? 'nothing' }))
  return [...changed, ...[...leavesOf(rest)].map(([name, value]) => ({ name, value }))]
}

function leavesOf(value: unknown, name = ''): Map<string, string> {
  if (value === undefined) return new Map()
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[name, wordFor(value)]])
  const leaves = Object.entries(value).flatMap(([key, below]) => [
    ...leavesOf(below, name === '' ? key : `${name}.${key}`),
  ])
  return new Map(leaves)
}

function wordFor(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(wordFor).join(', ')
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (value === null || value === '') return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
