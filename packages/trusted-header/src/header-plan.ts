import { isAllowedHost } from './allowed-hosts.ts'
import { createIdentityReader, type IdentityLines } from './header-identity.ts'
import { createHeaderWatch, type HeadersSeen } from './header-watch.ts'
import { createMemo } from './memo.ts'
import type { IdentityFound } from './identity-parts.ts'
import type { HeaderNames, Policy } from './policy.ts'

/** One header among those that a request carries. */
type Place = { readonly value: string | undefined; readonly isRepeated: boolean }

/** What a policy asks of header lines, prepared once. */
export type Plan = {
  look(rawHeaders: unknown): HeadersSeen | undefined
  secret(seen: HeadersSeen): Place
  assertion(seen: HeadersSeen): Place
  /** Whether there is exactly one `Host`, an allowed one. */
  isHostAllowed(seen: HeadersSeen): boolean
  /** Whether any watched header but the secret's and `Host` came in more than one line. */
  hasRepeats(seen: HeadersSeen): boolean
  identity(seen: HeadersSeen): IdentityFound
  /** Whether a header that matters, or an alias of one, is there. `Host` is in every request. */
  isMentioned(seen: HeadersSeen): boolean
}

/**
 * The plan of a policy. It is kept with the policy, and made anew should what it was made of have changed: a policy that
 * somebody did change in place must not be judged by what it said before.
 */
export function planOf(policy: Policy): Plan {
  const known = plans.get(policy)
  const sources = sourcesOf(policy)
  if (known && sources.every((source, index) => source === known.sources[index])) return known.plan
  const plan = createPlan(policy)
  plans.set(policy, { sources, plan })
  return plan
}

const plans = new WeakMap<Policy, { sources: readonly (string | undefined)[]; plan: Plan }>()

/** All that `createPlan` reads. */
function sourcesOf(policy: Policy): (string | undefined)[] {
  const { email, id, name, groups, picture, quota } = policy.headers
  const { secret, assertion, groupSeparator, nameEncoding, allowedHosts } = policy
  const read = [email, id, name, groups, picture, quota, groupSeparator, nameEncoding]
  return [...read, secret?.header, assertion?.header, allowedHosts?.join('\n')]
}

/** With an assertion, plain identity headers are not watched: nobody reads them, so they may say what they like. */
function watchedNames({ headers, secret, assertion }: Policy): string[] {
  const { email, id, name, groups, picture, quota } = headers
  const people = assertion ? [assertion.header] : [email, id, name, groups, picture, quota]
  return [...people, secret?.header].filter((one) => one !== undefined)
}

function createPlan(policy: Policy): Plan {
  const watch = createHeaderWatch(watchedNames(policy), ['host'])
  const placeOf = (name: string | undefined) => (name === undefined ? -1 : watch.placeOf(name))
  const at = (place: number) => (seen: HeadersSeen) => ({
    value: seen.values[place],
    isRepeated: (seen.repeated & bit(place)) !== 0,
  })

  const hostPlace = watch.placeOf('host')
  const secretPlace = placeOf(policy.secret?.header)
  const allowedHosts = [...(policy.allowedHosts ?? [])]
  const isAllowed = createMemo((host) => isAllowedHost(host, allowedHosts), { most: 256, longest: 300 })
  const others = ~(bit(hostPlace) | bit(secretPlace))
  const linesOf = createLineReader(policy.headers, placeOf)
  const readIdentity = createIdentityReader(policy)

  return {
    look: watch.look,
    secret: at(secretPlace),
    assertion: at(placeOf(policy.assertion?.header)),
    isHostAllowed(seen) {
      if (allowedHosts.length === 0) return true
      const { value, isRepeated } = at(hostPlace)(seen)
      return value !== undefined && !isRepeated && isAllowed(value)
    },
    hasRepeats: (seen) => (seen.repeated & others) !== 0,
    identity: (seen) => readIdentity(linesOf(seen)),
    isMentioned: ({ values, hasAlias }) =>
      hasAlias || values.some((value, place) => value !== undefined && place !== hostPlace),
  }
}

/** The place of a header that is not watched has no bit. */
const bit = (place: number): number => (place < 0 ? 0 : 1 << place)

function createLineReader(
  headers: HeaderNames,
  placeOf: (name: string | undefined) => number,
): (seen: HeadersSeen) => IdentityLines {
  const [email, id, name] = [placeOf(headers.email), placeOf(headers.id), placeOf(headers.name)]
  const [groups, picture, quota] = [placeOf(headers.groups), placeOf(headers.picture), placeOf(headers.quota)]
  const hasId = headers.id !== undefined
  return ({ values }) => ({
    email: values[email],
    id: hasId ? (values[id] ?? '') : undefined,
    name: values[name],
    groups: values[groups],
    picture: values[picture],
    quota: values[quota],
  })
}
