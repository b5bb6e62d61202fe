import { decide, parseNetworks, type Arrival, type Policy } from '../packages/trusted-header/src/index.ts'
import { median } from './load.ts'

/** What Chromium sends by way of a proxy and Authelia, for a picture on a page: names and values as they were seen. */
const headersOfOneRequest = [
  ['Host', 'photos.home.example'],
  [
    'User-Agent',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
  ],
  ['Accept', 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'],
  ['Accept-Encoding', 'gzip, deflate, br, zstd'],
  ['Accept-Language', 'de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7'],
  [
    'Cookie',
    `immich_access_token=${'x'.repeat(43)}; immich_auth_type=trusted-header; immich_is_authenticated=true`,
  ],
  ['If-None-Match', '"3f7a9c0e5d1b48a2"'],
  ['Priority', 'i'],
  ['Referer', 'https://photos.home.example/photos'],
  ['Sec-Ch-Ua', '"Not;A=Brand";v="99", "Chromium";v="139"'],
  ['Sec-Ch-Ua-Mobile', '?0'],
  ['Sec-Ch-Ua-Platform', '"Linux"'],
  ['Sec-Fetch-Dest', 'image'],
  ['Sec-Fetch-Mode', 'no-cors'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Via', '2.0 Caddy'],
  ['X-Forwarded-For', '192.168.178.23'],
  ['X-Forwarded-Host', 'photos.home.example'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Real-Ip', '192.168.178.23'],
  ['Remote-User', 'gran'],
  ['Remote-Email', 'gran@home.example'],
  ['Remote-Name', Buffer.from('Oma Zoë').toString('latin1')],
  ['Remote-Groups', 'family,photos,admins'],
  ['Connection', 'keep-alive'],
].flat()

const networks = Array.from({ length: 16 }, (_, index) => `10.${index}.3.0/24`)
/** Few at a time, as a server has them: strings that lie about for long are slow to read. */
const batch = 50
const batchesOfRound = 20
const rounds = 1000

/**
 * Decisions per second on one core, in the shape that a household needs: 16 networks, every field, a real request. Each
 * decision gets strings of its own, as from a socket, so that nothing is remembered of them by the runtime.
 */
export function benchEngine(): void {
  const policy = fullPolicy()
  const verdict = decide(policy, arrivals(1)[0] ?? { peer: '', rawHeaders: [] })
  if (!('identity' in verdict)) throw new Error(`the engine refused: ${verdict.refused}`)
  rateOf(policy)
  const perSecond = rateOf(policy)
  const figures = `${Math.round(perSecond).toLocaleString('en')} decisions/s`
  console.log(
    `\nengine, 16 networks, ${headersOfOneRequest.length / 2} header lines: ${figures} (aim 1,000,000)`,
  )
}

function fullPolicy(): Policy {
  const parsed = parseNetworks(networks)
  if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
  const headers = { email: 'remote-email', id: 'remote-user', name: 'remote-name', groups: 'remote-groups' }
  return { enabled: true, networks: parsed.networks, headers, allowedHosts: ['photos.home.example'] }
}

/** The median, since other programs on the machine take their share of some rounds. Only deciding is timed. */
function rateOf(policy: Policy): number {
  const rates = Array.from(
    { length: rounds },
    () => (batch * batchesOfRound * 1e9) / nanosecondsOfRound(policy),
  )
  return median(rates)
}

function nanosecondsOfRound(policy: Policy): number {
  let nanoseconds = 0n
  for (let index = 0; index < batchesOfRound; index++) {
    const fresh = arrivals(batch)
    let believed = 0
    const start = process.hrtime.bigint()
    for (const arrival of fresh) if ('identity' in decide(policy, arrival)) believed++
    nanoseconds += process.hrtime.bigint() - start
    if (believed !== batch) throw new Error('the engine refused some of them')
  }
  return Number(nanoseconds)
}

function arrivals(count: number): Arrival[] {
  return Array.from({ length: count }, () => ({
    peer: freshCopy('10.15.3.7'),
    rawHeaders: headersOfOneRequest.map(freshCopy),
  }))
}

/** Another string with the same characters: its hash has yet to be worked out. */
const freshCopy = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

if (import.meta.main) benchEngine()
