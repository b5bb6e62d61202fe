import { assertions } from './assertion-vectors.ts'
import { bytes } from './givers.ts'
import { secret } from './houses.ts'
import { admin, gran, claim, outside, settingsRefuse, secretCase, assertionCase } from './identity-cases.ts'
import { headerCase, nobody, storyCase, withProxies, withoutProxy } from './measure.ts'
import type { Row } from './measure.ts'
import { settingCase } from './setting-case.ts'

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

/** Section A, second half: whom to trust, and when to trust nobody. */
export const trustAttacks: readonly Row[] = [...addresses, ...carelessness]
