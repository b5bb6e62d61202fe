import {
  at,
  identityHeaders,
  made,
  proxyOf,
  seenIn,
  stoppedIn,
  whatArrived,
  whatWasSent,
  type Evidence,
  type Seen,
} from './evidence.ts'
import { judgeClientNames } from './judge-client-names.ts'
import { mendFor } from './mends.ts'
import { placeNames } from './probe-plan.ts'
import { placeWords } from './place-words.ts'
import type { Line, Place, Trick } from './sign-in-check.ts'

/** Whether what a client says of itself gets through, by whatever trick. */
export function judgeTricks(evidence: Evidence): Line[] {
  return [
    ...placeNames.flatMap((place) => judgeClientNames(evidence, place)),
    ...judgeAliases(evidence),
    ...judgeConnection(evidence),
    ...judgeSecret(evidence),
    ...judgeHost(evidence),
  ]
}

const spellings: readonly Trick[] = ['underscore', 'dot', 'no-dash']

function judgeAliases({ observations, policy }: Evidence): Line[] {
  const tried = at(observations, { tricks: spellings })
  const seen = seenIn(tried)
  if (tried.length === 0 || seen.length + stoppedIn(tried).length === 0) return []
  const proxy = proxyOf(observations)
  const taken = seen.find(({ saw }) => made(saw.headers, 'own').length > 0)
  if (taken) {
    const mend = mendFor('alias', proxy, policy)
    const reason =
      'Something on the way turns another spelling into the header that Porchlight reads, past all that removes it under its own name.'
    const arrived = whatArrived(made(taken.saw.headers, 'own'))
    return [
      {
        id: 'alias',
        level: 'bad',
        title: 'Another spelling becomes the real header',
        reason,
        sent: whatWasSent(taken.probe),
        arrived,
        ...(mend && { mend }),
      },
    ]
  }
  // Nobody takes RemoteEmail for Remote-Email, so that no recipe removes it.
  const passing = seen.find(
    ({ probe, saw }) => probe.trick !== 'no-dash' && made(saw.headers, 'alias').length > 0,
  )
  if (!passing)
    return [
      {
        id: 'alias',
        level: 'good',
        title: 'Other spellings of the headers do not get through',
        reason: 'With underscores or dots, the headers were removed or the request was stopped.',
      },
    ]
  const mend = mendFor('alias', proxy, policy)
  return [
    {
      id: 'alias',
      level: 'warn',
      title: 'Other spellings of the headers get through',
      reason: `At ${placeWords[passing.probe.place].title}, a header with underscores or dots arrives. Porchlight refuses such requests, but a program in between may take it for the real one.`,
      sent: whatWasSent(passing.probe),
      arrived: whatArrived(made(passing.saw.headers, 'alias')),
      ...(mend && { mend }),
    },
  ]
}

/** A header that `Connection` names belongs to one hop (RFC 9110, section 7.6.1): some proxies drop it after they set it. */
function judgeConnection({ observations, policy }: Evidence): Line[] {
  const places: readonly Place[] = ['page', 'api']
  for (const place of places) {
    const [plain] = seenIn(at(observations, { place, tricks: ['nothing'], as: 'you' }))
    const tried = at(observations, { place, tricks: ['connection'], as: 'you' })
    if (!plain || !('who' in plain.saw.verdict) || tried.length === 0) continue
    const [tricked] = seenIn(tried)
    const before = identityHeaders(plain.saw).filter(({ holds }) => holds.includes('something'))
    const after = tricked ? new Set(identityHeaders(tricked.saw).map(({ field }) => field)) : undefined
    const gone = after ? before.filter(({ field }) => !after.has(field)) : []
    if (!tricked || gone.length === 0) continue
    const mend = mendFor('connection', proxyOf(observations), policy)
    const reason = `A client that names ${gone.map(({ name }) => name).join(', ')} in Connection makes the proxy drop what the login service said. Porchlight takes a missing name for nobody and missing groups for none, so that nothing is gained by it.`
    return [
      {
        id: 'connection',
        level: 'warn',
        title: 'A client can make the proxy drop the name',
        reason,
        sent: whatWasSent(tricked.probe),
        arrived: whatArrived(identityHeaders(tricked.saw)),
        ...(mend && { mend }),
      },
    ]
  }
  const looked = places.some((place) => {
    const [plain] = seenIn(at(observations, { place, tricks: ['nothing'], as: 'you' }))
    return (
      plain !== undefined &&
      'who' in plain.saw.verdict &&
      at(observations, { place, tricks: ['connection'], as: 'you' }).length > 0
    )
  })
  if (looked)
    return [
      {
        id: 'connection',
        level: 'good',
        title: 'A client cannot make the proxy drop the name',
        reason: 'Naming the headers in Connection changes nothing, or stops the request.',
      },
    ]
  const reason = 'This takes the cookies of somebody who is signed in at the login service.'
  return [
    {
      id: 'connection',
      level: 'unknown',
      title: 'Whether a client can make the proxy drop the name is not known',
      reason,
    },
  ]
}

/** The secret proves the proxy: what a client sends under its name must not arrive. */
function judgeSecret({ observations, policy }: Evidence): Line[] {
  const tried = at(observations, { tricks: ['secret'] })
  const seen = seenIn(tried)
  if (!policy.secret || seen.length + stoppedIn(tried).length === 0) return []
  const holdsGuess = ({ saw }: Seen) =>
    saw.headers.some(({ field, holds }) => field === 'secret' && holds.includes('canary'))
  const passing = seen.find(holdsGuess)
  if (!passing)
    return [
      {
        id: 'secret',
        level: 'good',
        title: 'A guess at the shared secret does not get through',
        reason: 'The proxy removes or replaces it.',
      },
    ]
  const mend = mendFor('secret', proxyOf(observations), policy)
  return [
    {
      id: 'secret',
      level: 'warn',
      title: 'A guess at the shared secret gets through',
      reason: `At ${placeWords[passing.probe.place].title}, the proxy passes on the client’s own ${policy.secret.header}. Whoever learns the secret could use it from outside.`,
      sent: whatWasSent(passing.probe).replace(/canary-\S+/, '…'),
      ...(mend && { mend }),
    },
  ]
}

/** A page of another name that leads to this address (DNS rebinding) has the visitor's browser ask in the visitor's name. */
function judgeHost({ observations, policy }: Evidence): Line[] {
  const tried = at(observations, { tricks: ['other-host'] })
  const seen = seenIn(tried).filter(({ saw }) => saw.trusted && saw.host.includes('canary-'))
  if (tried.length === 0) return []
  const taken = seen.find(({ saw }) => !('refused' in saw.verdict) || !upToHost.has(saw.verdict.refused))
  if (!taken)
    return [
      {
        id: 'host',
        level: 'good',
        title: 'Requests for another host are not believed',
        reason: 'The proxy stopped them, or Porchlight did.',
      },
    ]
  return [
    {
      id: 'host',
      level: 'warn',
      title: 'Requests for any host are believed',
      reason: `The proxy passes on a host name that is not yours${(policy.allowedHosts ?? []).length > 0 ? ', and it is among the allowed hosts' : ', and Porchlight does not know its own'}. A page of another name that leads to your address could act in your name.`,
      sent: whatWasSent(taken.probe),
      arrived: `Host: ${taken.saw.host}`,
      mend: hostMend,
    },
  ]
}

/** What is asked about a request until its host has been looked at. */
const upToHost = new Set(['off', 'untrusted_peer', 'bad_secret', 'bad_arrival', 'wrong_host'])

export const hostMend = {
  proxy: 'porchlight',
  where: 'in Porchlight, one of these (the external domain is enough)',
  lines: [
    'server.externalDomain: https://photos.example.com',
    'trustedHeader.allowedHosts: [photos.example.com]',
  ],
}
