import { at, proxyOf, seenIn, stoppedIn, type Evidence } from './evidence.ts'
import type { Line } from './sign-in-check.ts'

/** Whether the probes came through, to whom, and by what. */
export function judgeReach(evidence: Evidence): Line[] {
  return [
    ...judgeAddress(evidence),
    ...judgeCertificate(evidence),
    ...judgeProxy(evidence),
    ...judgePeer(evidence),
  ]
}

function judgeAddress({ target, observations }: Evidence): Line[] {
  if (!target) return []
  const { origin } = target
  const sent = observations.filter(({ probe }) => probe.by === 'server')
  const base = { id: 'address', title: `Porchlight is reached at ${origin}` }
  const [first] = sent
  if (first && sent.length === 1 && 'failed' in first.answer) {
    const reason = `This machine cannot reach ${origin}: ${first.answer.failed}. Most of the check needs that: in a container, the public name may have to lead to the proxy (extra_hosts).`
    return [{ ...base, level: 'unknown', title: `${origin} could not be reached`, reason }]
  }
  if (seenIn(sent).length > 0)
    return [{ ...base, level: 'good', reason: 'Probes came back with what this server saw of them.' }]
  return [{ ...base, ...whyUnseen(sent) }]
}

/** Nothing of what was sent arrived here, or nothing said so. */
function whyUnseen(sent: Evidence['observations']): Pick<Line, 'level' | 'title' | 'reason'> {
  const [ping] = stoppedIn(at(sent, { place: 'ping', tricks: ['nothing'] }))
  if (ping?.answer.status === 200) {
    return {
      level: 'bad',
      title: 'Something else answers at this address',
      reason:
        'The address answers, but not out of this server’s database. Is it another Porchlight, or a page that the proxy keeps in a cache? For the command line: PORCHLIGHT_DATA_DIR and PORCHLIGHT_DATABASE_URL must be those of the server.',
    }
  }
  return {
    level: 'unknown',
    title: 'Every probe was stopped before it reached Porchlight',
    reason: `The proxy or the login service answered ${ping ? `with status ${ping.answer.status}` : 'nothing'}. That is safe; what happens to people who are signed in can only be seen with their cookies.`,
  }
}

function judgeCertificate({ target }: Evidence): Line[] {
  if (!target?.origin.startsWith('https:')) return []
  const base = { id: 'certificate', title: 'The certificate holds' }
  if (target.certificate === undefined)
    return [{ ...base, level: 'good', reason: 'This machine trusts the certificate of the public address.' }]
  const reason = `This machine does not trust the certificate (${target.certificate})${target.withCookies ? '' : ', so your cookies were not sent and less could be looked at'}. If browsers do trust it, start Porchlight with NODE_EXTRA_CA_CERTS=/path/to/the/authority.pem.`
  return [{ ...base, level: 'warn', title: 'The certificate is not trusted by this machine', reason }]
}

function judgeProxy({ observations, policy }: Evidence): Line[] {
  const raw = seenIn(observations).filter(({ probe }) => probe.by === 'server')
  if (raw.length === 0) return []
  const kind = proxyOf(observations)
  if (kind !== 'unknown')
    return [
      { id: 'proxy', level: 'good', title: `The proxy is ${kind}`, reason: 'So it says, or so it writes.' },
    ]
  const untouched = raw.every(({ saw }) => saw.forwarded.length === 0)
  if (!untouched || !raw.some(({ saw }) => saw.trusted))
    return [
      {
        id: 'proxy',
        level: 'good',
        title: 'Some proxy, not known by name',
        reason: 'What is wrong is shown without lines to copy.',
      },
    ]
  const reason = `Requests arrive as they were sent: there is no proxy at this address. Whoever can connect from ${networksOf(policy)} can be anybody. Run the check at the address that people use.`
  return [{ id: 'proxy', level: 'bad', title: 'Nothing stands in front of Porchlight here', reason }]
}

const networksOf = ({ networks }: Evidence['policy']) =>
  networks.entries.length > 0 ? networks.entries.join(', ') : 'anywhere'

/** The proxy's own address has to be in the list, or nobody is ever believed. */
function judgePeer({ observations, policy }: Evidence): Line[] {
  const seen = seenIn(observations)
  if (seen.length === 0) return []
  const peers = [...new Set(seen.map(({ saw }) => saw.peer ?? 'a unix socket'))]
  const strangers = [...new Set(seen.filter(({ saw }) => !saw.trusted).map(({ saw }) => saw.peer))]
  if (strangers.length === 0) {
    const network = seen[0]?.saw.network
    const reason = network
      ? `It is in the trusted network ${network}.`
      : 'It proves itself by other means than its address.'
    return [{ id: 'peer', level: 'good', title: `The proxy calls from ${peers.join(' and ')}`, reason }]
  }
  const entries = strangers.flatMap((peer) => (peer === null ? [] : [narrowest(peer)]))
  return [
    {
      id: 'peer',
      level: 'bad',
      title: `The proxy’s address ${strangers.map((peer) => peer ?? '(a unix socket)').join(', ')} is not trusted`,
      reason: `Porchlight believes ${policy.networks.entries.length > 0 ? `only ${policy.networks.entries.join(', ')}` : 'nobody yet'}, so nobody is signed in by what this proxy says. If it is your proxy, trust its address.`,
      arrived: `from ${peers.join(', ')}`,
      mend: {
        proxy: 'porchlight',
        where: 'in Porchlight, as a trusted network (or in the list on this page)',
        lines:
          entries.length > 0
            ? [`PORCHLIGHT_TRUSTED_NETWORKS=${[...policy.networks.entries, ...entries].join(', ')}`]
            : ['trustedHeader.unixSocket: true'],
      },
    },
  ]
}

/** The network of this one address. */
export function narrowest(peer: string): string {
  const address = peer.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return `${address}/${address.includes(':') ? 128 : 32}`
}
