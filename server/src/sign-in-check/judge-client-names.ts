import {
  at,
  made,
  proxyOf,
  seenIn,
  statusWords,
  stoppedIn,
  whatArrived,
  whatWasSent,
  type Evidence,
  type Seen,
} from './evidence.ts'
import { mendFor, type Cause } from './mends.ts'
import { placeWords } from './place-words.ts'
import type { Line, Place, Trick } from './sign-in-check.ts'

const ownNames: readonly Trick[] = ['own-name', 'odd-case', 'twice', 'connection']

/** The one question that matters most: does a name that the client made up arrive as if the proxy had said it? */
export function judgeClientNames(evidence: Evidence, place: Place): Line[] {
  const tried = at(evidence.observations, { place, tricks: ownNames })
  if (tried.length === 0) return []
  const { title, identity } = placeWords[place]
  const id = `client-name:${place}`
  const seen = seenIn(tried).sort(byPlainness)
  const passing = seen.find(({ saw }) => made(saw.headers, 'own').length > 0)
  if (passing) return [{ id, ...clientNamePasses(evidence, passing) }]

  const stopped = stoppedIn(tried)
  if (seen.length + stopped.length === 0) {
    const [failure] = tried.flatMap(({ answer }) => ('failed' in answer ? [answer.failed] : []))
    return [
      { id, level: 'unknown', title: `No answer about ${title}`, reason: `The probes failed: ${failure}.` },
    ]
  }
  const withYou = at(tried, { as: 'you' }).length > 0
  const how = [
    seen.length > 0 && 'it was removed or replaced on the way',
    stopped.length > 0 && `the request was stopped (${statusWords(stopped)})`,
  ].filter((words) => words !== false)
  const limits = withYou || identity !== 'read' ? '' : ' Tried without a login only: no cookies went along.'
  const reason = `However it was written, ${how.join(', or ')}.${limits}`
  return [
    { id, level: 'good', title: `A name that a client makes up does not get through at ${title}`, reason },
  ]
}

/** What needs no login and no trick says most. */
const byPlainness = ({ probe: one }: Seen, { probe: two }: Seen): number =>
  ownNames.indexOf(one.trick) - ownNames.indexOf(two.trick) || one.as.localeCompare(two.as)

function clientNamePasses({ observations, policy }: Evidence, { probe, saw }: Seen): Omit<Line, 'id'> {
  const headers = made(saw.headers, 'own')
  const { title, identity } = placeWords[probe.place]
  const facts = {
    title: `Whoever asks for ${title} can say who they are`,
    sent: whatWasSent(probe),
    arrived: whatArrived(headers),
  }
  if (headers.every(({ field }) => field === 'assertion')) {
    const reason =
      'The header of the assertion passes as the client sent it. Only a signature by your login service counts in it, so that nothing is gained.'
    return {
      ...facts,
      level: 'good',
      title: `A made-up assertion arrives at ${title}, and is worth nothing`,
      reason,
    }
  }
  const adds = headers.some(
    ({ holds, lines }) => holds.includes('something') || (lines > 1 && probe.trick !== 'twice'),
  )
  const cause: Cause = adds ? 'adds' : 'client-value'
  const mend = mendFor(cause, proxyOf(observations), policy)
  const isHarmless =
    headers.every(({ field }) => field === 'name' || field === 'picture') || identity === 'public'
  const reason = `${whyPasses(probe.as, adds, isLeaky(observations, probe.place))} ${consequence(identity, isHarmless)}`
  return { ...facts, level: isHarmless ? 'warn' : 'bad', reason, ...(mend && { mend }) }
}

/** Whether the login service is passed at this path by anybody. */
const isLeaky = (observations: Evidence['observations'], place: Place) =>
  seenIn(at(observations, { place, tricks: ['nothing'], as: 'nobody' })).length > 0

function whyPasses(as: 'you' | 'nobody', adds: boolean, open: boolean): string {
  if (adds)
    return 'The proxy adds the login service’s word to the client’s own header instead of replacing it.'
  if (as === 'nobody' || open)
    return 'Requests pass here without a login (the path asks nobody, or the login service lets it pass and names nobody), and the proxy does not remove the client’s own header.'
  return 'The client’s own header wins over the login service’s word, or the proxy passes it where that said nothing.'
}

function consequence(identity: 'read' | 'open' | 'public', isHarmless: boolean): string {
  if (isHarmless)
    return 'Porchlight does not decide by it here, but nothing that a client makes up should get this far.'
  if (identity === 'open')
    return 'Porchlight itself reads no name here, which is the last thing that stands between a stranger and your photos.'
  return 'A stranger can open every account, also yours.'
}
