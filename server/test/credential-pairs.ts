/** Where a credential can be on a request, in the order in which the design's section 3 asks. */
export const places = [
  'share key in a header',
  'share key in the address',
  'share slug in a header',
  'share slug in the address',
  'x-immich-user-token',
  'x-immich-user-token, of a header session',
  'x-immich-session-token',
  'sessionKey in the address',
  'bearer',
  'API key in a header',
  'API key in the address',
  'cookie, by password',
  'cookie, by header',
  'trusted header',
] as const

export type Place = (typeof places)[number]
export type Person = 'gran' | 'anna'

/** One credential: good, it is that person's; bad, it is nobody's, or in the header, two people's at once. */
export type Credential = { place: Place; person: Person; good: boolean }

/** Who acts: a member, whoever has the link, or nobody; `changed` is the call of a page that belongs to somebody else. */
export type Acting = Person | 'link' | 'nobody' | 'changed'

/** What the design says of credentials that come together. Knows nothing of the program. */
export function designSays(credentials: readonly Credential[]): Acting {
  const rank = ({ place }: Credential) => places.indexOf(place)
  const [first] = [...credentials].sort((one, other) => rank(one) - rank(other))
  const header = credentials.find(({ place }) => place === 'trusted header')
  const vouchedFor = header?.good ? header.person : undefined
  if (!first) return 'nobody'
  // An explicit one decides alone, and a bad one is never passed over.
  if (first.place.startsWith('share')) return first.good ? 'link' : 'nobody'
  if (first.place.endsWith('of a header session'))
    return first.good && vouchedFor === first.person ? first.person : 'nobody'
  if (!isAmbient(first.place)) return first.good ? first.person : 'nobody'

  const cookie = credentials.find(({ place }) => place.startsWith('cookie'))
  if (!cookie?.good) return vouchedFor ?? 'nobody'
  if (vouchedFor !== undefined && vouchedFor !== cookie.person) return 'changed'
  const needsHeader = cookie.place === 'cookie, by header'
  return needsHeader && vouchedFor === undefined ? 'nobody' : cookie.person
}

export const isAmbient = (place: Place): boolean => place.startsWith('cookie') || place === 'trusted header'

/** They cannot both be on one request: it has one such header, or one cookie. */
const sharePlace = (one: Place, other: Place): boolean => one.split(',')[0] === other.split(',')[0]

/** Every pair of places, good and bad, of the same person and of two. */
export function everyPair(): [Credential, Credential][] {
  const pairs: [Credential, Credential][] = []
  for (const [index, first] of places.entries())
    for (const second of places.slice(index + 1)) {
      if (sharePlace(first, second)) continue
      for (const person of ['gran', 'anna'] as const)
        for (const firstIsGood of [true, false])
          for (const secondIsGood of [true, false])
            pairs.push([
              { place: first, person: 'gran', good: firstIsGood },
              { place: second, person, good: secondIsGood },
            ])
    }
  return pairs
}
