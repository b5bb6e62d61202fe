import type { RawAnswer } from '../stacks/peers.ts'
import { bytes } from './givers.ts'
import type { GiverName } from './givers.ts'
import type { House, HouseName, Houses } from './houses.ts'
import type { Front, FrontKind, FrontRequest, Seen } from './lab.ts'

export type Measured = {
  arrived: string
  did: string
  /** Why this is not as it should be; there is no such cell in a table that passes. */
  wrong?: string | undefined
}

/** One thing that is sent, through every front that it concerns. */
export type Case = {
  sent: string
  /** Says why the other fronts are left out; they get no cell of their own. */
  only?: { fronts: readonly FrontKind[]; because: string }
  measure(front: Front, houses: Houses): Promise<Measured>
}

/** One row of the catalogue of attacks. */
export type Row = { id: string; title: string; cases: readonly Case[]; note?: string }

export const withoutProxy = (because: string): Case['only'] => ({ fronts: ['none'], because })
export const withProxies = (because: string): Case['only'] => ({
  fronts: ['caddy', 'nginx', 'haproxy', 'apache'],
  because,
})

export const nobody = undefined
type Person = string | undefined

export type HeaderCase = Partial<Omit<FrontRequest, 'server'>> & {
  house?: HouseName
  /** In words, where the header lines do not say it. */
  sent?: string
  only?: Case['only']
  /** Who may be answered: whom the login service named, and nobody, unless said otherwise. */
  right?: readonly Person[]
  /** Which of the header lines that arrived are shown: those that hold the address, unless said otherwise. */
  shows?: RegExp
}

/** A request with these header lines, by way of each front, as whoever the login service names. */
export function headerCase(spec: HeaderCase): Case {
  const { house = 'usual', only, right, shows, sent = wordsOf(spec), ...request } = spec
  const allowed = right ?? [nobody, ...namedBy(request.as)]
  return {
    sent,
    ...(only && { only }),
    measure: async (front, houses) => {
      const server = await houses(house)
      const seen = await front.send({ path: '/api/users/me', ...request, server })
      const who = personIn(seen.answer)
      return {
        arrived: arrivedIn(seen, shows),
        did: didIn(seen),
        wrong: allowed.includes(who) ? undefined : `${who ?? 'nobody'} got in`,
      }
    },
  }
}

const addresses: Partial<Record<GiverName, string>> = {
  gran: 'gran@home.example',
  anna: 'anna@home.example',
  admin: 'admin@home.example',
  'the same address twice': 'gran@home.example',
  'gran in capitals': 'gran@home.example',
  'gran, after a second': 'gran@home.example',
}

const namedBy = (as: GiverName | undefined): string[] => {
  const address = as === undefined ? undefined : addresses[as]
  return address === undefined ? [] : [address]
}

function wordsOf({ as, headers = [], method, path }: HeaderCase): string {
  const lines = headers.length === 0 ? 'nothing of its own' : headers.map(code).join(', ')
  const isUsual = path === undefined && method === undefined
  const where = isUsual ? '' : ` to ${code(`${method ?? 'GET'} ${path ?? '/api/users/me'}`)}`
  return `${lines}${where}${as === undefined ? ', not signed in at the portal' : `; the portal says: ${as}`}`
}

const code = (text: string) => `\`${readable(text)}\``

/** Bytes as the text they are meant to be, control characters named. */
export function readable(text: string): string {
  const utf8 = Buffer.from(text, 'latin1').toString('utf8')
  const shown = bytes(utf8) === text ? utf8 : text
  return shown.replace(/\p{Cc}/gu, (one) => `<${one.charCodeAt(0)}>`)
}

const holdsAddress = /^remote[^a-z0-9]?email/i

export function arrivedIn({ arrived }: Pick<Seen, 'arrived'>, shows = holdsAddress): string {
  if (arrived === undefined) return 'nothing: the proxy answered'
  const lines = arrived.filter((line) => shows.test(line))
  if (lines.length === 0) return 'no name'
  // The case of a name means nothing, and proxies write it as they like.
  return lines
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : Number(one > other)))
    .map(([name, value]) => code(`${name}: ${value}`))
    .join(', ')
}

export function didIn({ arrived, answer }: Seen): string {
  const status = Number.isNaN(answer.status) ? 'hung up' : String(answer.status)
  if (arrived === undefined) return `${status}, from the proxy`
  const who = personIn(answer)
  if (who !== undefined) return `${status}: ${who}`
  const reason = codeIn(answer)
  return reason === undefined ? status : `${status} \`${reason}\``
}

export const personIn = (answer: RawAnswer): Person => {
  const { email } = jsonIn(answer)
  return answer.status < 300 && typeof email === 'string' ? email : nobody
}

export const codeIn = (answer: RawAnswer): string | undefined => {
  const { code: reason } = jsonIn(answer)
  return typeof reason === 'string' ? reason : undefined
}

export function jsonIn({ body }: RawAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** The sign-in cookies an answer hands out, as a client sends them back; none when it hands out no session. */
export function sessionCookies({ headers }: RawAnswer): string[] {
  const pairs = (headers.get('set-cookie') ?? []).map((line) => line.split(';')[0] ?? '')
  return pairs.filter((pair) => /^immich_\w+=./.test(pair))
}

/** What a browser says of itself when a person opens a page. */
export const asPage = [
  'Accept: text/html',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-Dest: document',
  'Sec-Fetch-Site: none',
]

export type Ask = (request: Partial<FrontRequest>) => Promise<Seen>

/** A case that takes more than one request. `told` is what went right, in words; a failed step throws. */
export function storyCase(story: {
  sent: string
  house?: HouseName
  only?: Case['only']
  tell(
    ask: Ask,
    at: { front: Front; house: House },
  ): Promise<{ arrived?: string; did: string; wrong?: string | undefined }>
}): Case {
  return {
    sent: story.sent,
    ...(story.only && { only: story.only }),
    measure: async (front, houses) => {
      const house = await houses(story.house ?? 'usual')
      const ask: Ask = (request) => front.send({ path: '/api/users/me', ...request, server: house })
      return { arrived: '', ...(await story.tell(ask, { front, house })) }
    },
  }
}
