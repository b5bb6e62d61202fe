import { people } from '../../scripts/household-people.ts'
import { assertionSettings, assertions } from './assertion-vectors.ts'
import { json, signInByPassword } from './browser-steps.ts'
import { secret } from './houses.ts'
import { arrivedIn, didIn, headerCase, jsonIn, personIn, storyCase, withoutProxy } from './measure.ts'
import type { Case, Row } from './measure.ts'

const claim = 'Remote-Email: admin@home.example'
const gran = 'gran@home.example'

/** A credential of gran's, while the portal says somebody else. */
const keyAndHeader: Row = {
  id: 'D1',
  title: 'An API key of one person, the header of another',
  cases: [
    storyCase({
      sent: `gran’s \`x-api-key\` with \`${claim}\`; the portal says: anna`,
      tell: async (ask, { house }) => {
        const seen = await ask({ as: 'anna', headers: [`x-api-key: ${house.members.gran.apiKey}`, claim] })
        const isRight = personIn(seen.answer) === gran && !seen.answer.headers.has('set-cookie')
        return {
          arrived: arrivedIn(seen),
          did: `${didIn(seen)}, no cookie`,
          wrong: isRight ? undefined : 'not gran alone',
        }
      },
    }),
    storyCase({
      sent: 'the same with anna’s header in the proxy’s name; then the admin looks into the trail',
      only: withoutProxy('their recipes let no name through beside a key'),
      tell: async (ask, { house }) => {
        await ask({ as: 'anna', headers: [`x-api-key: ${house.members.gran.apiKey}`] })
        const { events } = await house.members.admin.api.get<{ events: { email: string }[] }>(
          '/admin/audit?kind=credential_conflict',
        )
        const emails = events.map(({ email }) => email)
        return {
          did: 'audit: `credential_conflict`',
          wrong: emails.includes('anna@home.example') ? undefined : 'the trail does not say so',
        }
      },
    }),
  ],
}

const links: Row = {
  id: 'D2',
  title: 'A shared link beside a header',
  note: 'There are no shared links yet: each is refused as unknown, and the header beside it is not read.',
  cases: [
    headerCase({
      sent: `\`GET /api/users/me?key=some-link\` with \`${claim}\`; the portal says: gran`,
      path: '/api/users/me?key=some-link',
      as: 'gran',
      headers: [claim],
      right: [undefined],
    }),
    headerCase({
      sent: `\`x-immich-share-slug: some-link\` with \`${claim}\`; the portal says: gran`,
      as: 'gran',
      headers: [claim, 'x-immich-share-slug: some-link'],
      right: [undefined],
    }),
  ],
}

function clientCase(sent: string, headersOf: (key: string, token: string) => readonly string[]): Case {
  return storyCase({
    sent,
    tell: async (ask, { house }) => {
      const { email, password } = people.gran
      const login = await fetch(`${house.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      const { accessToken } = (await login.json()) as { accessToken: string }
      const seen = await ask({ headers: headersOf(house.members.gran.apiKey, accessToken) })
      return {
        arrived: arrivedIn(seen),
        did: didIn(seen),
        wrong: personIn(seen.answer) === gran ? undefined : 'not gran',
      }
    },
  })
}

const clients: Row = {
  id: 'D3',
  title: 'Clients that know no portal: a phone, the command line',
  cases: [
    clientCase('gran’s `x-api-key`, nothing of the portal', (key) => [`x-api-key: ${key}`]),
    clientCase('gran’s phone with `x-immich-user-token`', (_, token) => [`x-immich-user-token: ${token}`]),
    clientCase('gran’s phone with `Authorization: Bearer`', (_, token) => [`Authorization: Bearer ${token}`]),
  ],
}

const schemes: Row = {
  id: 'D4',
  title: 'The proxy’s own Authorization header',
  cases: [
    headerCase({ as: 'gran', headers: ['Authorization: Basic YWRtaW46YWRtaW4='] }),
    headerCase({ headers: [claim, 'Authorization: Basic YWRtaW46YWRtaW4='], from: '127.0.0.2' }),
    headerCase({ headers: [claim, 'Authorization: Digest username="admin"'], from: '127.0.0.2' }),
  ],
}

const methods: Row = {
  id: 'D5',
  title: 'A password beside the header',
  note: 'There is no OpenID Connect sign-in of Porchlight’s own yet.',
  cases: [
    storyCase({
      sent: 'gran’s password session, while the portal says: anna',
      tell: async (ask) => {
        const cookies = await signInByPassword(ask, 'gran', people.gran)
        const seen = await ask({ as: 'anna', cookies })
        return { did: didIn(seen), wrong: seen.answer.status === 401 ? undefined : 'it was not refused' }
      },
    }),
    storyCase({
      sent: 'the same, and `onConflict` is `refuse`',
      house: 'conflicts refused',
      tell: async (ask) => {
        const cookies = await signInByPassword(ask, 'gran', people.gran)
        const seen = await ask({ as: 'anna', cookies })
        return {
          did: didIn(seen),
          wrong: didIn(seen) === '401 `identity_conflict`' ? undefined : 'it was not refused',
        }
      },
    }),
    storyCase({
      sent: 'a wrong password, while the portal says: gran',
      tell: async (ask) => {
        const login = json('POST', '/api/auth/login', { email: people.admin.email, password: 'a guess' })
        const seen = await ask({ as: 'gran', ...login })
        return { did: didIn(seen), wrong: seen.answer.status === 401 ? undefined : 'it was not refused' }
      },
    }),
  ],
}

const elsewhere: readonly Row[] = [
  {
    id: 'D6',
    title: 'An admin locks himself out by a setting',
    cases: [],
    note: 'Not measured here: it takes a minute. The tests of the server do (a change to sign-in settings is on probation).',
  },
  {
    id: 'D7',
    title: 'Settings that other processes have not heard of',
    cases: [],
    note: 'Not measured here. The tests of the settings do: what another server saves counts at the next request.',
  },
]

const logs: Row = {
  id: 'D8',
  title: 'Secrets and addresses in the log',
  cases: [
    storyCase({
      sent: 'requests with the shared secret, a key and a forged header',
      house: 'secret',
      only: withoutProxy('needs no proxy: it is about the server’s log'),
      tell: async (ask, { house }) => {
        const key = house.members.gran.apiKey
        await ask({ as: 'gran', headers: [`Porchlight-Secret: ${secret}`] })
        await ask({ headers: [`x-api-key: ${key}`, claim] })
        await ask({ headers: [claim], from: '127.0.0.2' })
        const found = [secret, key, 'admin@home.example'].filter((text) => house.log().includes(text))
        return {
          did: 'none of them is in the log',
          wrong: found.length === 0 ? undefined : `${found.length} of them`,
        }
      },
    }),
    storyCase({
      sent: 'a request with a signed assertion',
      house: 'assertion',
      only: withoutProxy('needs no proxy: it is about the server’s log'),
      tell: async (ask, { house }) => {
        const token = assertions[0]?.token() ?? ''
        await ask({ headers: [`${assertionSettings.header}: ${token}`] })
        return { did: 'it is not in the log', wrong: house.log().includes(token) ? 'it is' : undefined }
      },
    }),
  ],
}

const pictures: Row = {
  id: 'D9',
  title: 'A picture’s address that leads inside',
  cases: [
    'http://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/secret.png',
    'file:///etc/passwd',
  ].map((url) =>
    storyCase({
      sent: `\`Remote-Picture: ${url}\`; the portal says: gran`,
      house: 'pictures',
      only: withoutProxy('their recipes pass no picture on'),
      tell: async (ask) => {
        const { answer } = await ask({ as: 'gran', headers: [`Remote-Picture: ${url}`] })
        const { profileImagePath } = jsonIn(answer)
        return {
          did: `${answer.status}: gran, without a picture`,
          wrong: profileImagePath === '' ? undefined : 'it was fetched',
        }
      },
    }),
  ),
}

/** Section D: other credentials and clients. */
export const credentialAttacks: readonly Row[] = [
  keyAndHeader,
  links,
  clients,
  schemes,
  methods,
  ...elsewhere,
  logs,
  pictures,
]
