import { assertionSettings } from './assertion-vectors.ts'
import {
  arrivedIn,
  asPage,
  didIn,
  headerCase,
  nobody,
  personIn,
  sessionCookies,
  storyCase,
  withoutProxy,
} from './measure.ts'
import type { Case, HeaderCase } from './measure.ts'

export const admin = 'admin@home.example'
export const gran = 'gran@home.example'
export const claim = `Remote-Email: ${admin}`

/** Without a proxy, whoever calls from the proxy's own address is the proxy; so this client calls from elsewhere. */
export const outside = { from: '127.0.0.2' }
export const itIsThisWay = 'this is the way past the proxy'
export const settingsRefuse = 'needs no proxy: the settings refuse it'

/** The same lines twice: on a way past the portal, and by gran, who is signed in there. */
export const anybody = (headers: readonly string[], more: Partial<HeaderCase> = {}): Case[] => [
  headerCase({ headers: [...headers, 'x-api-key: not-a-key'], ...more }),
  headerCase({ headers, as: 'gran', ...more }),
]

/** Opening a page must hand out no session, unless the proxy vouches for somebody. */
export function pageCase(sent: string, request: Pick<HeaderCase, 'headers' | 'path' | 'as' | 'from'>): Case {
  return storyCase({
    sent,
    tell: async (ask) => {
      const headers = [...asPage, ...(request.headers ?? [])]
      const seen = await ask({ path: '/photos', ...request, headers })
      const from = seen.arrived === undefined ? ', from the proxy' : ''
      return {
        arrived: arrivedIn(seen),
        did: `${seen.answer.status}${from}, no session`,
        wrong: sessionCookies(seen.answer).length === 0 ? undefined : 'it handed out a session',
      }
    },
  })
}

export function secretCase(
  what: string,
  headers: readonly string[],
  right: readonly (string | undefined)[] = [nobody],
) {
  const shows = /^porchlight.secret/i
  const only = withoutProxy('their recipes set it themselves, see the last line')
  return headerCase({
    sent: `${what}; \`Remote-Email: ${gran}\``,
    as: 'gran',
    headers,
    house: 'secret',
    shows,
    right,
    only,
  })
}

export function assertionCase(
  what: string,
  token: () => string,
  right: readonly (string | undefined)[],
): Case {
  return storyCase({
    sent: `${what}, as gran at the portal`,
    house: 'assertion',
    tell: async (ask) => {
      const seen = await ask({ as: 'gran', headers: [`${assertionSettings.header}: ${token()}`] })
      const who = personIn(seen.answer)
      const isRight = right.includes(who)
      const arrived = seen.arrived === undefined ? arrivedIn(seen) : 'it, and what else was sent'
      return { arrived, did: didIn(seen), wrong: isRight ? undefined : `${who ?? 'nobody'} got in` }
    },
  })
}
