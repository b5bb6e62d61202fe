import {
  admin,
  gran,
  claim,
  outside,
  itIsThisWay,
  settingsRefuse,
  anybody,
  pageCase,
} from './identity-cases.ts'
import { asPage, headerCase, nobody, sessionCookies, storyCase, withoutProxy } from './measure.ts'
import type { Row } from './measure.ts'
import { settingCase } from './setting-case.ts'

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
        right: [nobody, 'anna@home.example'],
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

/** Section A, first half: getting an identity in. */
export const identityAttacks: readonly Row[] = [...ways, ...spellings]
