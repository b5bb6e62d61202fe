import { assertionSettings, assertions } from './assertion-vectors.ts'
import { bytes } from './givers.ts'
import { secret } from './houses.ts'
import {
  arrivedIn,
  asPage,
  didIn,
  headerCase,
  nobody,
  personIn,
  sessionCookies,
  storyCase,
  withProxies,
  withoutProxy,
} from './measure.ts'
import type { Case, HeaderCase, Row } from './measure.ts'
import { settingCase } from './setting-case.ts'

const admin = 'admin@home.example'
const gran = 'gran@home.example'
const claim = `Remote-Email: ${admin}`

/** Without a proxy, whoever calls from the proxy's own address is the proxy; so this client calls from elsewhere. */
const outside = { from: '127.0.0.2' }
const itIsThisWay = 'this is the way past the proxy'
const settingsRefuse = 'needs no proxy: the settings refuse it'

/** The same lines twice: on a way past the portal, and by gran, who is signed in there. */
const anybody = (headers: readonly string[], more: Partial<HeaderCase> = {}): Case[] => [
  headerCase({ headers: [...headers, 'x-api-key: not-a-key'], ...more }),
  headerCase({ headers, as: 'gran', ...more }),
]

/** Opening a page must hand out no session, unless the proxy vouches for somebody. */
function pageCase(sent: string, request: Pick<HeaderCase, 'headers' | 'path' | 'as' | 'from'>): Case {
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

function secretCase(
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

function assertionCase(what: string, token: () => string, right: readonly (string | undefined)[]): Case {
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

const ways: readonly Row[] = [
  {
    id: 'A1',
    title: 'Direct access past the proxy, with a header of one’s own',
    cases: [
      headerCase({ headers: [claim], ...outside, only: withoutProxy(itIsThisWay) }),
      headerCase({
        headers: [claim],
        ...outside,
        method: 'POST',
        path: '/api/auth/trusted-header',
        only: withoutProxy(itIsThisWay),
      }),
      pageCase(`a page, with \`${claim}\`, from an address that is not listed`, {
        headers: [claim],
        ...outside,
      }),
      headerCase({
        sent: `\`${claim}\` from the proxy’s address, while the feature is off`,
        headers: [claim],
        house: 'off',
        only: withoutProxy(itIsThisWay),
      }),
      headerCase({
        sent: `\`${claim}\` from the proxy’s address, on a fresh installation with nothing configured`,
        headers: [claim],
        house: 'unconfigured',
        only: withoutProxy(itIsThisWay),
      }),
      storyCase({
        sent: `\`${claim}\` from an address that is not listed; then the admin looks into the trail`,
        only: withoutProxy(itIsThisWay),
        tell: async (ask, { house }) => {
          await ask({ headers: [claim], ...outside })
          const { events } = await house.members.admin.api.get<{
            events: { kind: string; code: string; peer: string }[]
          }>('/admin/audit?kind=spoof_refused')
          const [event] = events
          const did = `audit: \`${event?.kind}\` \`${event?.code}\`, peer ${event?.peer}`
          return { did, wrong: event?.peer === outside.from ? undefined : 'the trail does not name the peer' }
        },
      }),
    ],
  },
  {
    id: 'A2',
    title: 'Trust in everybody, by default or by one careless entry',
    cases: [
      settingCase({ networks: ['*'] }, settingsRefuse),
      settingCase({ networks: ['0.0.0.0/0'] }, settingsRefuse),
      settingCase({ networks: ['::/0'] }, settingsRefuse),
      settingCase({ enabled: true, networks: [] }, settingsRefuse),
    ],
  },
  {
    id: 'A3',
    title: 'The login service is silent, and the client speaks',
    note: 'A request that reaches Porchlight from the proxy’s address is the proxy’s: without a proxy the client therefore calls from elsewhere.',
    cases: [
      headerCase({ headers: [claim, 'Remote-User: admin'], as: 'nobody at all', ...outside }),
      headerCase({ headers: [claim], as: '204 and nothing else', ...outside }),
      headerCase({ headers: [claim], as: 'a name without an address', ...outside }),
      headerCase({ headers: [claim], as: 'an empty address', ...outside }),
      headerCase({ headers: [claim], as: 'an address that nobody checked', ...outside }),
      headerCase({
        headers: [claim],
        as: 'an address with an underscore header',
        ...outside,
        // nginx reads `Remote_Email` of the portal's answer as `Remote-Email`. The portal did say it.
        right: [nobody, admin],
      }),
      headerCase({ headers: [claim], as: 'a page of its own, 401', ...outside }),
      headerCase({ headers: [claim], as: 'no, 403', ...outside }),
      headerCase({ headers: [claim], as: 'nothing, it hangs up', ...outside }),
      headerCase({ headers: [claim], as: 'gran, after a second' }),
    ],
  },
  {
    id: 'A4',
    title: 'Paths that skip the portal: shared links, API keys, static files',
    cases: [
      ...['x-api-key: not-a-key', 'Authorization: Bearer not-a-token', 'x-immich-share-key: not-a-link'].map(
        (skip) => headerCase({ headers: [claim, skip] }),
      ),
      headerCase({ headers: [claim], path: '/api/users/me?key=not-a-link' }),
      pageCase(`the page \`/share/some-link\` with \`${claim}\``, {
        path: '/share/some-link',
        headers: [claim],
      }),
      pageCase(`gran at the portal, the page \`/share/some-link\` with \`${claim}\``, {
        path: '/share/some-link',
        as: 'gran',
        headers: [claim],
      }),
    ],
  },
  {
    id: 'A5',
    title: 'Order and inheritance in the proxy’s configuration',
    note: 'The recipes in `deploy/` are what is measured here. What the wrong order does is in [bad-recipes.md](bad-recipes.md).',
    cases: [
      headerCase({ as: 'gran' }),
      headerCase({ as: 'gran', headers: [claim] }),
      headerCase({ as: 'gran', headers: [claim], path: '/api/users/me?nokey=1' }),
    ],
  },
]

const spellings: readonly Row[] = [
  {
    id: 'A6',
    title: 'An underscore for the dash',
    cases: [...anybody([`Remote_Email: ${admin}`]), ...anybody([`remote_email: ${admin}`, claim])],
  },
  {
    id: 'A7',
    title: 'A dot for the dash',
    cases: [...anybody([`Remote.Email: ${admin}`]), ...anybody([`Remote~Email: ${admin}`])],
  },
  {
    id: 'A8',
    title: 'Upper and lower case',
    cases: [
      ...anybody([`REMOTE-EMAIL: ${admin}`]),
      ...anybody([`rEMOTE-eMAIL: ${admin}`, `Remote-EMAIL: ${admin}`]),
    ],
  },
  {
    id: 'A9',
    title: 'Repeats and lists',
    cases: [
      ...anybody([claim, 'Remote-Email: mallory@home.example']),
      ...anybody([`Remote-Email: ${gran}, ${admin}`]),
      ...anybody([`Remote-Email: ${gran};${admin}`]),
      headerCase({ as: 'two addresses', right: [nobody, gran] }),
      headerCase({ as: 'the same address twice' }),
      headerCase({ as: 'two at signs' }),
    ],
  },
  {
    id: 'A10',
    title: 'Connection names the identity header, so that the proxy drops it',
    cases: [
      headerCase({ as: 'gran', headers: ['Connection: close, Remote-Email'] }),
      headerCase({ as: 'gran', headers: ['Connection: close, Remote-Email', claim] }),
      storyCase({
        sent: 'gran’s header session, then the same cookie with `Connection: close, Remote-Email`',
        tell: async (ask) => {
          const cookies = sessionCookies((await ask({ path: '/photos', as: 'gran', headers: asPage })).answer)
          const stripped = ['Connection: close, Remote-Email']
          const { arrived, answer } = await ask({ as: 'gran', cookies, headers: stripped })
          const person = answer.status === 200 ? gran : nobody
          const how = arrived === undefined ? ', from the proxy' : ''
          const did =
            person === undefined
              ? `${answer.status}${how}`
              : `${answer.status}: ${person}, for her header did arrive`
          return { did, wrong: cookies.length === 3 ? undefined : 'she was not signed in at first' }
        },
      }),
    ],
  },
  {
    id: 'A11',
    title: 'Placeholders that nobody filled in',
    cases: [
      headerCase({ as: 'the text (null)' }),
      headerCase({ as: 'a placeholder of Caddy' }),
      ...anybody(['Remote-Email: {http.reverse_proxy.header.Remote-Email}']),
      ...anybody(['Remote-Email: (null)']),
      ...['%{OIDC_CLAIM_email}e', '$upstream_http_remote_email', 'undefined', '-'].map((text) =>
        headerCase({
          headers: [`Remote-Email: ${text}`],
          only: withoutProxy('the recipes remove what a client sends'),
        }),
      ),
    ],
  },
]

const addresses: readonly Row[] = [
  {
    id: 'A12',
    title: 'X-Forwarded-For instead of the peer',
    cases: [
      ...['X-Forwarded-For: 127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Forwarded: for=127.0.0.1'].map((line) =>
        headerCase({ headers: [claim, line], ...outside, only: withoutProxy('see the next line') }),
      ),
      headerCase({
        as: 'gran',
        headers: ['X-Forwarded-For: 10.9.9.9'],
        shows: /^x-forwarded-for/i,
        only: withProxies('there is none that could add it'),
      }),
    ],
  },
  {
    id: 'A13',
    title: 'IPv4 addresses written as IPv6',
    cases: [
      headerCase({
        sent: `\`Remote-Email: ${gran}\` from the proxy’s address, to a server that listens on \`::\``,
        headers: [`Remote-Email: ${gran}`],
        house: 'all addresses',
        right: [gran],
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
      headerCase({
        sent: `\`${claim}\` from another address, to a server that listens on \`::\``,
        headers: [claim],
        house: 'all addresses',
        ...outside,
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
    ],
  },
  {
    id: 'A14',
    title: 'Networks that are not what they seem',
    cases: [
      '10.3.3.7/24',
      '010.0.0.1',
      '10.1',
      '0x0a.0.0.1',
      '[::1]',
      '::/80',
      '10.0.0.0/33',
      '10.0.0.1 or so',
    ].map((entry) => settingCase({ networks: [entry] }, settingsRefuse)),
  },
  {
    id: 'A15',
    title: 'Zone ids in the peer’s address',
    cases: [],
    note: 'Not measured here: no link-local address is the same on every machine. The tests of the engine do (`fe80::1%eth0` is inside `fe80::/10`).',
  },
  {
    id: 'A16',
    title: 'A unix socket, whose other end has no address',
    cases: [
      headerCase({
        sent: `\`Remote-Email: ${gran}\` by the socket, where \`unixSocket\` is on`,
        headers: [`Remote-Email: ${gran}`],
        house: 'a trusted socket',
        bySocket: true,
        right: [gran],
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
      headerCase({
        sent: `\`${claim}\` by the socket, where 127.0.0.1 is trusted and \`unixSocket\` is off`,
        headers: [claim],
        house: 'an untrusted socket',
        bySocket: true,
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
      headerCase({
        sent: `\`${claim}\` by 127.0.0.1, where the socket alone is trusted`,
        headers: [claim],
        house: 'a trusted socket',
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
    ],
  },
  {
    id: 'A17',
    title: 'A container’s gateway, behind which everybody looks alike',
    cases: [],
    note: 'Not measured here: it takes a container’s network. A server that trusts its gateway trusts everybody behind it, which no request shows; see [bad-recipes.md](bad-recipes.md).',
  },
  {
    id: 'A18',
    title: 'Loopback is trusted without being listed',
    cases: [
      headerCase({
        sent: `\`${claim}\` from 127.0.0.1, where another address is listed`,
        headers: [claim],
        house: 'another proxy',
        only: withoutProxy('needs no proxy: it is about the socket'),
      }),
    ],
  },
  {
    id: 'A19',
    title: 'DNS rebinding: the proxy’s word under another host’s name',
    cases: [
      headerCase({ as: 'gran', house: 'hosts', headers: ['Host: evil.test'] }),
      headerCase({ as: 'gran', house: 'hosts', headers: ['Host: app.photos.test'] }),
    ],
  },
]

const carelessness: readonly Row[] = [
  {
    id: 'A20',
    title: 'Fail-open when no other way of signing in is on',
    cases: [
      headerCase({ sent: 'nothing, while the feature is off', house: 'off', ...outside }),
      headerCase({
        sent: `\`${claim}\` while the feature is off`,
        headers: [claim],
        as: 'gran',
        house: 'off',
      }),
      headerCase({ as: 'gran', house: 'empty', sent: 'gran at the portal, before there is any admin' }),
    ],
  },
  {
    id: 'A21',
    title: 'Health checks and other public addresses',
    cases: ['/api/server/ping', '/api/server/config', '/.well-known/immich'].map((path) =>
      storyCase({
        sent: `\`GET ${path}\` with \`${claim}\`, as gran at the portal`,
        tell: async (ask) => {
          const { arrived, answer } = await ask({ path, as: 'gran', headers: [claim] })
          const handsOut = answer.headers.has('set-cookie') || answer.headers.has('x-porchlight-identity')
          const from = arrived === undefined ? ', from the proxy' : ''
          return {
            did: `${answer.status}${from}, no cookie, nobody named`,
            wrong: handsOut ? 'it said for whom it answers' : undefined,
          }
        },
      }),
    ),
  },
  {
    id: 'A22',
    title: 'OPTIONS, on which some proxies ask nobody',
    cases: [
      headerCase({
        headers: [claim, 'Origin: https://evil.example'],
        method: 'OPTIONS',
        as: 'gran',
        right: [nobody],
      }),
      headerCase({ headers: [claim], method: 'OPTIONS', ...outside }),
    ],
  },
  {
    id: 'A23',
    title: 'Request smuggling and odd lines',
    cases: [
      headerCase({ as: 'gran', headers: [`Remote-Email : ${admin}`] }),
      headerCase({ as: 'gran', headers: [`X-A: 1\r\n ${claim}`] }),
      headerCase({ as: 'gran', headers: [`X-A: 1\n${claim}`] }),
      headerCase({ as: 'gran', headers: [`X-A: 1\r${claim}`] }),
      headerCase({ as: 'gran', headers: [`X-A: \0\r\n${claim}`] }),
      headerCase({
        as: 'gran',
        headers: ['Transfer-Encoding: chunked', 'Content-Length: 5'],
        method: 'POST',
        body: '0\r\n\r\n',
      }),
      headerCase({ as: 'a line break and a second header', right: [nobody, gran] }),
      headerCase({ as: 'gran', headers: [`Remote-Email: ${bytes('\u212A')}@home.example`] }),
    ],
  },
  {
    id: 'A24',
    title: 'A shared secret, guessed or doubled',
    note: 'The recipes measured here do not send the secret: their line for it is off until a household turns it on. `recipes.test.ts` turns it on.',
    cases: [
      secretCase('the right secret', [`Porchlight-Secret: ${secret}`], [gran]),
      secretCase('no secret', []),
      secretCase('a wrong secret', [`Porchlight-Secret: ${secret}!`]),
      secretCase('the right secret twice', [`Porchlight-Secret: ${secret}`, `Porchlight-Secret: ${secret}`]),
      secretCase('the right secret under an alias', [`Porchlight_Secret: ${secret}`]),
      headerCase({
        sent: 'gran at the portal sends the right secret by herself',
        as: 'gran',
        headers: [`Porchlight-Secret: ${secret}`],
        house: 'secret',
        shows: /^porchlight.secret/i,
        only: withProxies('see above'),
        right: [nobody],
      }),
    ],
  },
  {
    id: 'A25',
    title: 'Assertions that do not hold',
    cases: [
      ...assertions.map(({ title, token }, index) =>
        assertionCase(title, token, index === 0 ? [gran] : [nobody]),
      ),
      headerCase({
        sent: `\`${claim}\` and no assertion; the portal says: gran`,
        as: 'gran',
        headers: [claim],
        house: 'assertion',
      }),
    ],
  },
]

/** Section A: getting an identity in. */
export const identityAttacks: readonly Row[] = [...ways, ...spellings, ...addresses, ...carelessness]
