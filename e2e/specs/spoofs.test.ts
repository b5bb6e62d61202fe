import { beforeAll, describe, expect, test } from 'vitest'
import type { HouseholdMember } from '../../scripts/household-people.ts'
import { moveIn } from '../../scripts/household-people.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { startNginx } from '../stacks/nginx.ts'
import { ask } from '../stacks/peers.ts'
import type { RawRequest } from '../stacks/peers.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'
import type { Stage } from '../stacks/stage.ts'
import { buildStreet } from '../stacks/street.ts'
import type { Street } from '../stacks/street.ts'

type Headers = readonly (readonly [string, string])[]

const proxyAddress = '127.0.0.1'
const intruder = '127.0.0.2'
const admin = 'admin@home.example'
const mallory = 'mallory@home.example'
const page: Headers = [
  ['Accept', 'text/html'],
  ['Sec-Fetch-Mode', 'navigate'],
  ['Sec-Fetch-Dest', 'document'],
]

/** What must sign in nobody although it comes from the trusted proxy's own address. */
const crookedHeaders: readonly (readonly [title: string, headers: Headers])[] = [
  [
    'two differing headers',
    [
      ['Remote-Email', admin],
      ['Remote-Email', mallory],
    ],
  ],
  [
    'two differing headers in different spellings',
    [
      ['Remote-Email', admin],
      ['REMOTE-EMAIL', mallory],
    ],
  ],
  ['two differing values joined by a comma', [['Remote-Email', `${admin}, ${mallory}`]]],
  ['two differing values joined by a semicolon', [['Remote-Email', `${admin};${mallory}`]]],
  ['an underscore for the dash', [['remote_email', admin]]],
  ['a dot for the dash', [['Remote.Email', admin]]],
  [
    'a look-alike with an underscore beside the real one',
    [
      ['Remote-Email', mallory],
      ['Remote_Email', admin],
    ],
  ],
  [
    'a look-alike with a dot beside the real one',
    [
      ['Remote-Email', mallory],
      ['remote.email', admin],
    ],
  ],
  ['an empty header', [['Remote-Email', '']]],
  ["Caddy's placeholder", [['Remote-Email', '{http.reverse_proxy.header.Remote-Email}']]],
  ["Apache's placeholder", [['Remote-Email', '(null)']]],
  ['a value that is no address', [['Remote-Email', 'admin']]],
  ['an address with two at signs', [['Remote-Email', 'admin@home.example@evil.example']]],
  ['a Kelvin sign for the k', [['Remote-Email', Buffer.from('\u212Aate@home.example').toString('latin1')]]],
]

describe('a pretended identity, straight at Porchlight', () => {
  const stage = openStage()
  let trusting: Porchlight
  let off: Porchlight
  let household: { trusting: HouseholdMember; off: HouseholdMember }

  beforeAll(async () => {
    const env = { PORCHLIGHT_TRUSTED_NETWORKS: `${proxyAddress}/32` }
    trusting = await startPorchlight(stage, { name: 'trusting', env })
    off = await startPorchlight(stage, { name: 'switched-off' })
    household = { trusting: (await moveIn(trusting.url)).admin, off: (await moveIn(off.url)).admin }
  })

  test('the same header does sign in when it is straight and comes from the proxy', async () => {
    const answer = await ask({ to: trusting, path: '/api/users/me', headers: [['Remote-Email', admin]] })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ email: admin })
  })

  test.each(crookedHeaders)('%s: nobody is signed in, though the proxy sends it', async (_, headers) => {
    await everyDoorStaysShut({ server: trusting, watcher: household.trusting, from: proxyAddress, headers })
  })

  test.each([
    ['the admin', [['Remote-Email', admin]]],
    ['a stranger', [['Remote-Email', mallory]]],
    [
      'the admin with X-Forwarded-For forged',
      [
        ['Remote-Email', admin],
        ['X-Forwarded-For', proxyAddress],
      ],
    ],
    [
      'the admin with Forwarded and X-Real-IP forged',
      [
        ['Remote-Email', admin],
        ['Forwarded', `for=${proxyAddress}`],
        ['X-Real-IP', proxyAddress],
      ],
    ],
    [
      'the admin, named in every spelling',
      [
        ['Remote-Email', admin],
        ['remote_email', admin],
        ['REMOTE.EMAIL', admin],
      ],
    ],
  ] as [string, Headers][])('an intruder who says he is %s gets nothing', async (_, headers) => {
    await everyDoorStaysShut({ server: trusting, watcher: household.trusting, from: intruder, headers })
  })

  test.each([
    ['the trusted address', proxyAddress],
    ['anywhere else', intruder],
  ])('while the feature is off, a header from %s is not looked at', async (_, from) => {
    await everyDoorStaysShut({
      server: off,
      watcher: household.off,
      from,
      headers: [['Remote-Email', mallory]],
    })
    await everyDoorStaysShut({
      server: off,
      watcher: household.off,
      from,
      headers: [['Remote-Email', admin]],
    })
  })
})

for (const [name, startProxy] of [
  ['Caddy', startCaddy],
  ['nginx', startNginx],
] as const) {
  describe(`a pretended identity through ${name}`, () => {
    const stage: Stage = openStage()
    let street: Street
    const send = (request: Omit<RawRequest, 'to'>) =>
      ask({ to: { port: street.names.port, tls: street.names.app }, ...request })

    beforeAll(async () => {
      street = await buildStreet(stage, startProxy)
    })

    test.each([
      ...crookedHeaders,
      ['the name of the admin', [['Remote-Email', admin]]],
      ['the name of the admin in capitals', [['REMOTE-EMAIL', admin]]],
    ] as [string, Headers][])('%s opens no door', async (_, headers) => {
      const before = await traces(street.members.admin)
      // Without a login the portal answers, whatever the client says about itself.
      const guarded = await send({ path: '/api/users/me', headers })
      expect([302, 400, 401]).toContain(guarded.status)
      // Where the portal is not asked, or names nobody, Porchlight gets no identity at all.
      for (const [path, extra] of unguarded) {
        const answer = await send({ path, headers: [...headers, ...extra] })
        expect([400, 401]).toContain(answer.status)
      }
      for (const path of ['/api/server/ping', '/share/some-link']) {
        const answer = await send({ path, headers: [...headers, ...page] })
        expect(answer.headers.get('set-cookie') ?? []).not.toContainEqual(
          expect.stringMatching(signedInCookie),
        )
      }
      expect(await traces(street.members.admin)).toEqual(before)
    })

    test('naming the header in Connection gains nothing', async () => {
      const before = await traces(street.members.admin)
      const headers: Headers = [
        ['Connection', 'close, Remote-Email'],
        ['Remote-Email', admin],
        ['x-api-key', 'not-a-key'],
      ]
      const answer = await send({ path: '/api/users/me', headers })
      expect([400, 401]).toContain(answer.status)
      expect(await traces(street.members.admin)).toEqual(before)
    })

    test('a person who is signed in at the portal stays herself, whatever headers she adds', async () => {
      const cookie = await portalCookie(street, 'gran')
      for (const headers of [
        [['Remote-Email', admin]],
        [['remote_email', admin]],
        [['Remote.Email', admin]],
      ] as Headers[]) {
        const answer = await send({ path: '/api/users/me', headers: [['Cookie', cookie], ...headers] })
        expect(answer.status).toBe(200)
        expect(JSON.parse(answer.body)).toMatchObject({ email: 'gran@home.example', isAdmin: false })
      }
    })
  })
}

/** Ways past the portal, each with the credential (a wrong one) or the rule that leads there. */
const unguarded: readonly (readonly [path: string, extra: Headers])[] = [
  ['/api/users/me', [['x-api-key', 'not-a-key']]],
  ['/api/users/me', [['Authorization', 'Bearer not-a-token']]],
  ['/api/users/me', [['x-immich-user-token', 'not-a-token']]],
  ['/api/users/me?key=not-a-link', []],
  ['/api/users/me?unprotected=1', []],
]

type Attempt = { server: Porchlight; watcher: HouseholdMember; from: string; headers: Headers }

/** Tries the API, the sign-in call and a page; each must stay shut and nothing may have been created. */
async function everyDoorStaysShut({ server, watcher, from, headers }: Attempt): Promise<void> {
  const before = await traces(watcher)

  const api = await ask({ to: server, from, path: '/api/users/me', headers })
  expect(api.status).toBe(401)
  expect(JSON.parse(api.body)).toMatchObject({ message: 'Authentication required' })

  const signIn = await ask({ to: server, from, method: 'POST', path: '/api/auth/trusted-header', headers })
  expect(signIn.status).toBeGreaterThanOrEqual(400)
  expect(signIn.headers.get('set-cookie') ?? []).not.toContainEqual(expect.stringMatching(signedInCookie))

  const document = await ask({ to: server, from, path: '/photos', headers: [...headers, ...page] })
  expect(document.headers.get('set-cookie') ?? []).not.toContainEqual(expect.stringMatching(signedInCookie))

  expect(await traces(watcher)).toEqual(before)
}

/** A session token as a cookie; an emptied cookie is no sign-in. */
const signedInCookie = /^immich_access_token=[^;]/

/** All people and all their sessions, as the admin sees them. */
async function traces({ api }: HouseholdMember): Promise<{ people: string[]; sessions: number }> {
  const people = await api.get<{ id: string; email: string }[]>('/admin/users?withDeleted=true')
  const sessions = await Promise.all(
    people.map(({ id }) => api.get<unknown[]>(`/admin/users/${id}/sessions`)),
  )
  return { people: people.map(({ email }) => email).toSorted(), sessions: sessions.flat().length }
}

/** Signs in at the portal as a browser would, and returns the portal's own cookie. */
async function portalCookie({ names }: Street, account: string): Promise<string> {
  const to = { port: names.port, tls: names.auth }
  const headers: Headers = [
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Accept', 'text/html'],
  ]
  const answer = await ask({
    to,
    method: 'POST',
    path: '/',
    headers,
    body: `user=${account}&password=${account}`,
  })
  const cookie = answer.headers.get('set-cookie')?.find((line) => line.startsWith('lemonldap='))
  if (cookie === undefined) throw new Error(`the portal did not sign ${account} in: ${answer.status}`)
  return cookie.split(';')[0] ?? ''
}
