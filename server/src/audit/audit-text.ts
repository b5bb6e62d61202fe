/** Longest text of a fact, in UTF-16 units: the longest e-mail address. */
const longest = 254
/** Room for the details of an event, in characters of JSON. */
const room = 4000
const deepest = 6

/** Text as the trail keeps it: one line of visible characters, cut, and without what could be used to get in. */
export function cleanText(text: string, secrets = tokenLike): string {
  return text
    .slice(0, longest * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(secrets, '[secret]')
    .slice(0, longest)
    .toWellFormed()
}

/** JSON Web Tokens (RFC 7519), and whatever is as long and as random as a key. */
const jwtLike = /\beyJ[\w-]{8,}(\.[\w-]*)*/g
const tokenLike = /\beyJ[\w-]{8,}(\.[\w-]*)*|\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{40,}(\.[\w-]+)*/gi

const secretName = /secret|passw|token|jwt|authorization|cookie|credential|api_?key$|^key$|private/i
/** Names that tell of a secret without holding it. */
const harmless = /(id|ids|name|names|header|headers|method|url|endpoint|permissions|algorithms|changed)$/i

/**
 * Details as JSON of at most `room` characters, whatever comes: secrets masked, texts cleaned, depth and breadth cut.
 * Undefined for nothing.
 */
export function cleanDetails(details: Record<string, unknown> | undefined): string | undefined {
  if (details === undefined) return undefined
  for (const breadth of [100, 20, 5]) {
    const text = JSON.stringify(cleanValue(details, { depth: 0, breadth, secret: false, isId: false }))
    if (text.length <= room) return text === '{}' ? undefined : text
  }
  return JSON.stringify({ more: 'too long to keep' })
}

/** Ids may be as long and random as keys, and open nothing. */
const idName = /ids?$/i

type Place = { depth: number; breadth: number; secret: boolean; isId: boolean }

function cleanValue(value: unknown, place: Place): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return place.secret ? '[secret]' : value
  if (typeof value === 'string') {
    if (place.secret && value !== '') return '[secret]'
    return cleanText(value, place.isId ? jwtLike : tokenLike)
  }
  if (typeof value !== 'object' || place.depth >= deepest) return undefined
  const below = { ...place, depth: place.depth + 1 }
  if (Array.isArray(value)) return value.slice(0, place.breadth).map((one) => cleanValue(one, below))
  const entries = Object.entries(value).slice(0, place.breadth)
  return Object.fromEntries(
    entries.map(([name, one]) => {
      const secret = (place.secret || secretName.test(name)) && !harmless.test(name)
      return [cleanText(name), cleanValue(one, { ...below, secret, isId: idName.test(name) })]
    }),
  )
}
