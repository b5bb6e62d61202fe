import { describeRefusal, refusalCodes, type RefusalCode } from '@porchlight/trusted-header'
import {
  at,
  identityHeaders,
  proxyOf,
  seenIn,
  statusWords,
  stoppedIn,
  whatArrived,
  whatWasSent,
  type Evidence,
  type Seen,
} from './evidence.ts'
import { mendFor } from './mends.ts'
import type { Line, Place } from './sign-in-check.ts'
import { placeWords } from './place-words.ts'

/** Whether the login stands where it should, and whether its word arrives. */
export function judgeIdentity(evidence: Evidence): Line[] {
  return [...judgeLogin(evidence), ...judgeYou(evidence), ...judgePlaceholders(evidence)]
}

const behindLogin: readonly Place[] = ['page', 'api', 'websocket']

/** Without a cookie, pages and the API should be answered by the login service. */
function judgeLogin({ observations }: Evidence): Line[] {
  const open: Seen[] = []
  const closed: string[] = []
  for (const place of behindLogin) {
    const found = at(observations, { place, tricks: ['nothing'], as: 'nobody' })
    open.push(...seenIn(found).slice(0, 1))
    const [stopped] = stoppedIn(found)
    if (stopped) closed.push(`${placeWords[place].title} (${statusWords([stopped])})`)
  }
  const id = 'login'
  const [first] = open
  if (!first) {
    if (closed.length === 0) return []
    const reason = `The login service stood in front of ${closed.join(', ')}.`
    return [{ id, level: 'good', title: 'Who is not signed in is stopped before Porchlight', reason }]
  }
  const where = open.map(({ probe }) => placeWords[probe.place].title).join(', ')
  const reason = `Without any cookie, ${where} came through to Porchlight. Nobody is let in by that, but people who are not signed in will see Porchlight’s own sign-in page instead of the login service’s.`
  return [
    {
      id,
      level: 'warn',
      title: 'Requests come through without a login',
      reason,
      sent: whatWasSent(first.probe),
      arrived: whatArrived(identityHeaders(first.saw)),
    },
  ]
}

/** With the admin's cookies, the admin should arrive. */
function judgeYou(evidence: Evidence): Line[] {
  const { observations } = evidence
  const mine = ['page', 'api'] as const
  const found = mine.flatMap((place) => at(observations, { place, tricks: ['nothing'], as: 'you' }))
  const id = 'identity'
  if (found.length === 0) {
    const reason =
      'No cookies of the login service went along, so what arrives for a signed-in person was not looked at.'
    return [{ id, level: 'unknown', title: 'What arrives for a signed-in person is not known', reason }]
  }
  const seen = seenIn(found)
  const [first] = seen
  if (!first) {
    const stopped = statusWords(stoppedIn(found))
    const reason = `The login service did not take your cookies${stopped && ` (${stopped})`}: they may be bound to your own address. Sign in once more and try again, or look at what the browser’s own probes show.`
    return [{ id, level: 'unknown', title: 'What arrives for a signed-in person is not known', reason }]
  }
  const wrong = seen.find(({ saw }) => 'refused' in saw.verdict)
  if (!wrong) {
    const [who] = seen.flatMap(({ saw }) => ('who' in saw.verdict ? [saw.verdict.email] : []))
    const reason = `For you, ${who} arrives.`
    return [
      {
        id,
        level: 'good',
        title: 'A signed-in person arrives by name',
        reason,
        arrived: whatArrived(identityHeaders(first.saw)),
      },
    ]
  }
  return [judgeRefused(evidence, wrong)]
}

function judgeRefused({ observations, policy }: Evidence, { probe, saw }: Seen): Line {
  const code = 'refused' in saw.verdict ? saw.verdict.refused : ''
  const facts = {
    id: 'identity',
    sent: `${probe.path}, with your cookies`,
    arrived: whatArrived(identityHeaders(saw)),
  }
  if (code === 'off' || code === 'untrusted_peer') {
    const reason = 'As long as the proxy’s address is not trusted, what it says is not looked at.'
    return { ...facts, level: 'unknown', title: 'Nobody is believed yet', reason }
  }
  const lost = code === 'no_identity' || code === 'no_assertion'
  if (!lost)
    return {
      ...facts,
      level: 'bad',
      title: 'What the proxy says of you is refused',
      reason: sentenceFor(code),
    }
  const without = seenIn(at(observations, { place: probe.place, tricks: ['nothing'], as: 'nobody' }))
  const isOpen = without.length > 0
  const reason = isOpen
    ? 'This path comes through with or without a login, and without a name. Either it is not behind the login service, or you are not signed in there.'
    : 'You got past the login service, but its word did not arrive: something removes the header after it was set, or it was never set. In Caddy, request_header outside of route runs after forward_auth; in nginx, a location with a proxy_set_header of its own drops the inherited ones.'
  const mend = mendFor('lost', proxyOf(observations), policy)
  return {
    ...facts,
    level: 'bad',
    title: 'No name arrives for a signed-in person',
    reason,
    ...(mend && { mend }),
  }
}

const sentenceFor = (code: string) => (isRefusal(code) ? describeRefusal(code) : `It was refused (${code}).`)

const isRefusal = (code: string): code is RefusalCode => (refusalCodes as readonly string[]).includes(code)

/** A template that nobody filled in is the same "person" for everybody. */
function judgePlaceholders({ observations, policy }: Evidence): Line[] {
  const found = seenIn(observations).find(({ saw }) =>
    identityHeaders(saw).some(({ holds }) => holds.includes('placeholder')),
  )
  if (!found) {
    if (seenIn(observations).length === 0) return []
    return [
      {
        id: 'placeholder',
        level: 'good',
        title: 'No unfilled placeholders arrive',
        reason: 'Where nothing is said, nothing arrives.',
      },
    ]
  }
  const headers = identityHeaders(found.saw).filter(({ holds }) => holds.includes('placeholder'))
  const mend = mendFor('placeholder', proxyOf(observations), policy)
  return [
    {
      id: 'placeholder',
      level: 'bad',
      title: 'The proxy sends placeholders in place of names',
      reason:
        'Where the login service says nothing, the proxy sends the text of its own template. Porchlight takes that for nobody; other programs would make one account of it that everybody shares.',
      sent: whatWasSent(found.probe),
      arrived: whatArrived(headers),
      ...(mend && { mend }),
    },
  ]
}
